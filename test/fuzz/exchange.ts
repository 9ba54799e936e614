import { connect } from 'node:net';

/** An answer as it came over the wire. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** What a connection gave. */
export interface Exchange {
  readonly answers: readonly RawAnswer[];
  /** Bytes that are no whole answer; empty unless the server broke off. */
  readonly rest: number;
  /** How it ended: every answer came, the server closed first, or nothing more came for {@link hangMs}. */
  readonly end: 'answered' | 'closed' | 'hung';
}

/** Far beyond every limit of the service under test: whoever is silent for so long hangs. */
const hangMs = 8000;

/** The answer at the start of `bytes` and what follows, or null when it is not whole yet. Chunked answers are none of ours. */
function takeAnswer(bytes: Buffer, bodiless: boolean): { answer: RawAnswer; rest: Buffer } | null {
  const head = bytes.indexOf('\r\n\r\n');
  if (head < 0) return null;
  const [first = '', ...lines] = bytes.toString('latin1', 0, head).split('\r\n');
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(first)?.[1]);
  const headers = Object.fromEntries(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  const length = bodiless ? 0 : Number(headers['content-length'] ?? 0);
  const end = head + 4 + length;
  if (bytes.length < end) return null;
  return { answer: { status, headers, body: bytes.subarray(head + 4, end) }, rest: bytes.subarray(end) };
}

/** Opens a connection, sends `bytes` (a HEAD request alone, or others) and reads until `expected` answers came, the server closed, or it hung. Never rejects. */
export function exchange(port: number, bytes: Buffer, expected: number): Promise<Exchange> {
  return new Promise((resolve) => {
    const bodiless = bytes.toString('latin1', 0, 5) === 'HEAD ';
    const answers: RawAnswer[] = [];
    let rest: Buffer = Buffer.alloc(0);
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    const settle = (end: Exchange['end']) => {
      socket.destroy();
      resolve({ answers, rest: rest.length, end });
    };
    socket.setTimeout(hangMs, () => settle('hung'));
    // A reset while we still send is how a server refuses the rest.
    socket.on('error', () => {}).on('close', () => settle('closed'));
    socket.on('data', (chunk) => {
      rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      for (let taken = takeAnswer(rest, bodiless); taken !== null; taken = takeAnswer(rest, bodiless)) {
        answers.push(taken.answer);
        rest = taken.rest;
      }
      if (answers.length >= expected) settle('answered');
    });
    socket.write(bytes);
  });
}
