import { connect } from 'node:net';

/** What a broker says about itself without being asked for more than which requests it knows. */
export interface BrokerAnswer {
  /** The newest `metadata.version` that it supports; missing before Kafka 3.3 and without KRaft. */
  readonly metadataVersion: number | undefined;
}

/** The first `metadata.version` of each line of Kafka (`MetadataVersion.java`): the protocol has no name for a version. */
const LINES: readonly (readonly [first: number, line: string])[] = [
  [31, '4.4'],
  [30, '4.3'],
  [28, '4.2'],
  [26, '4.1'],
  [22, '4.0'],
  [21, '3.9'],
  [20, '3.8'],
  [15, '3.7'],
  [12, '3.6'],
  [9, '3.5'],
  [8, '3.4'],
  [4, '3.3'],
];
const NEWEST_KNOWN = 33;

/** The line of Kafka that a broker belongs to, as far as it can be told over the protocol. */
export const lineOf = ({ metadataVersion }: BrokerAnswer): string => {
  if (metadataVersion === undefined) return 'before 3.3, or not in KRaft mode';
  if (metadataVersion > NEWEST_KNOWN) return `newer than 4.4 (metadata.version ${metadataVersion})`;
  return LINES.find(([first]) => metadataVersion >= first)?.[1] ?? `metadata.version ${metadataVersion}`;
};

const API_VERSIONS = 18;
const ANSWER_LIMIT_MS = 2_000;

/** ApiVersions, version 3: the one request that every broker answers. `undefined` where no broker answers. */
export const apiVersions = (address: string): Promise<BrokerAnswer | undefined> =>
  new Promise((resolve) => {
    const [, host, port] = /^(.*):(\d+)$/.exec(address) ?? ['', address, '9092'];
    const socket = connect({ host: host ?? '', port: Number(port) });
    let received = Buffer.alloc(0);
    const done = (answer?: BrokerAnswer): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(ANSWER_LIMIT_MS, () => done());
    socket.on('error', () => done());
    socket.on('close', () => done());
    socket.on('connect', () => socket.write(request()));
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      if (received.length < 4 || received.length < 4 + received.readInt32BE(0)) return;
      try {
        done(read(received));
      } catch {
        done();
      }
    });
  });

const request = (): Buffer => {
  const client = 'underpin-test';
  const compact = (text: string): Buffer => Buffer.concat([Buffer.from([text.length + 1]), Buffer.from(text)]);
  const header = Buffer.alloc(10);
  header.writeInt16BE(API_VERSIONS, 0);
  header.writeInt16BE(3, 2); // version
  header.writeInt32BE(1, 4); // correlation
  header.writeInt16BE(client.length, 8);
  const tags = Buffer.from([0]);
  const body = Buffer.concat([header, Buffer.from(client), tags, compact(client), compact('1'), tags]);
  const size = Buffer.alloc(4);
  size.writeInt32BE(body.length);
  return Buffer.concat([size, body]);
};

/** Reads what a compact encoding holds, front to back. */
class Reader {
  constructor(
    private readonly bytes: Buffer,
    public at: number,
  ) {}

  int16(): number {
    return this.bytes.readInt16BE((this.at += 2) - 2);
  }

  varint(): number {
    for (let value = 0, shift = 0; ; shift += 7) {
      const byte = this.bytes.readUInt8(this.at++);
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  }

  text(): string {
    const length = this.varint() - 1;
    return this.bytes.toString('utf8', this.at, (this.at += length));
  }

  /** Tagged fields, each handed over by its tag; what is not read of it is skipped. */
  tags(read: (tag: number) => void = () => undefined): void {
    for (let left = this.varint(); left > 0; left--) {
      const tag = this.varint();
      const end = this.varint() + this.at;
      read(tag);
      this.at = end;
    }
  }
}

const SUPPORTED_FEATURES = 0;

const read = (bytes: Buffer): BrokerAnswer | undefined => {
  const reader = new Reader(bytes, 8); // behind size and correlation
  if (reader.int16() !== 0) return undefined;
  for (let apis = reader.varint() - 1; apis > 0; apis--) {
    reader.at += 6; // key, lowest, highest version
    reader.tags();
  }
  reader.at += 4; // throttle time
  let metadataVersion: number | undefined;
  reader.tags((tag) => {
    if (tag !== SUPPORTED_FEATURES) return;
    for (let features = reader.varint() - 1; features > 0; features--) {
      const name = reader.text();
      reader.int16();
      const highest = reader.int16();
      if (name === 'metadata.version') metadataVersion = highest;
      reader.tags();
    }
  });
  return { metadataVersion };
};
