import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A service that does what a test says. */
export interface ToyService {
  readonly origin: string;
  /** What it does with a request from now on. */
  answer: RequestListener;
  /** Hangs up on everybody and is gone. */
  die(): Promise<void>;
}

export const toyService = async (answer: RequestListener, port = 0): Promise<ToyService> => {
  const server = createServer((request, response) => toy.answer(request, response));
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const toy: ToyService = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answer,
    die: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return toy;
};

/** What a toy service was asked. */
export interface Asked {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Base64. */
  readonly body: string;
}

/** Says what it was asked, as JSON. */
export const echo: RequestListener = (request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const { method, url, headers } = request;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ method, url, headers, body: Buffer.concat(chunks).toString('base64') }));
  });
};
