import { connect } from 'node:net';

/** What became of a request. `closes`: the server wants no other request on this connection. */
export type Outcome =
  | { readonly status: number; readonly closes: boolean }
  /** Never taken: the port was closed, or closed before the connection was accepted. */
  | { readonly failure: 'turned away' }
  /** Taken and not answered, or not to the end. */
  | { readonly failure: 'cut off' };

/** A connection that carries one request at a time, so cheap that one thread sends thousands each second beside the server. */
export interface Connection {
  /** Sends a whole HTTP/1.1 request; `done` is called once. */
  send(request: Uint8Array, done: (outcome: Outcome) => void): void;
  /** Whether another request may be sent. */
  open(): boolean;
  close(): void;
}

const headEnd = Buffer.from('\r\n\r\n');
const lastChunk = Buffer.from('\r\n0\r\n\r\n');

/** The answer at the start of these bytes, or null while it is not all there. */
function readAnswer(bytes: Buffer): { status: number; closes: boolean } | null {
  const end = bytes.indexOf(headEnd);
  if (end < 0) return null;
  const head = bytes.toString('latin1', 0, end);
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  const complete =
    length === undefined ? bytes.subarray(-7).equals(lastChunk) : bytes.length >= end + 4 + Number(length);
  return complete ? { status: Number(head.slice(9, 12)), closes: /\r\nconnection: *close/i.test(head) } : null;
}

/** Opens a connection to a port of this machine. */
export function openConnection(port: number): Connection {
  const socket = connect(port, '127.0.0.1').setNoDelay();
  let received: Buffer = Buffer.alloc(0);
  let pending: ((outcome: Outcome) => void) | undefined;
  let answers = 0;
  let open = true;
  let code: string | undefined;
  const settle = (outcome: Outcome) => {
    const done = pending;
    pending = undefined;
    done?.(outcome);
  };
  socket.on('data', (chunk) => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
    const answer = readAnswer(received);
    if (answer === null) return;
    received = Buffer.alloc(0);
    answers++;
    if (answer.closes) {
      open = false;
      socket.end();
    }
    settle(answer);
  });
  socket.on('error', (error: NodeJS.ErrnoException) => {
    code = error.code;
  });
  socket.on('close', () => {
    open = false;
    // A reset before any answer says that the kernel had taken the connection but the server had not.
    const never = code === 'ECONNREFUSED' || (code !== undefined && answers === 0 && received.length === 0);
    settle({ failure: never ? 'turned away' : 'cut off' });
  });
  return {
    send: (request, done) => {
      pending = done;
      socket.write(request);
    },
    open: () => open,
    close: () => socket.destroy(),
  };
}

/** The bytes of a request; a POST when it has a body. */
export function requestBytes(path: string, body: Uint8Array = new Uint8Array()): Buffer {
  const lines = [`${body.length > 0 ? 'POST' : 'GET'} ${path} HTTP/1.1`, 'host: 127.0.0.1'];
  if (body.length > 0) lines.push('content-type: application/json', `content-length: ${body.length}`);
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), body]);
}
