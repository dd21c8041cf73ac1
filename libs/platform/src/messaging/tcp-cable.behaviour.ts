import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A TCP connection to a server that can be cut, and mended: the server looks dead to those behind it, and they to the server. */
export class TcpCable {
  private readonly sockets = new Set<Socket>();
  private isCut = false;
  private isMute = false;

  private constructor(
    private readonly server: Server,
    private readonly target: { host: string; port: number },
  ) {
    server.on('connection', (near) => this.join(near));
  }

  /** The URL with this cable in between. */
  static async to(url: string): Promise<{ cable: TcpCable; url: string }> {
    const there = new URL(url);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const cable = new TcpCable(server, { host: there.hostname, port: Number(there.port) });
    there.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    return { cable, url: there.href };
  }

  cut(): void {
    this.isCut = true;
    for (const socket of this.sockets) socket.destroy();
  }

  /** What is sent still arrives, and nothing comes back. */
  mute(): void {
    this.isMute = true;
  }

  mend(): void {
    this.isCut = false;
    this.isMute = false;
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private join(near: Socket): void {
    near.on('error', () => undefined);
    if (this.isCut) return void near.destroy();
    const far = connect(this.target);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.sockets.add(one);
      one.setNoDelay(true);
      one.on('error', () => undefined);
      one.on('close', () => {
        this.sockets.delete(one);
        other.destroy();
      });
    }
    near.pipe(far);
    far.on('data', (bytes) => {
      if (!this.isMute) near.write(bytes);
    });
  }
}
