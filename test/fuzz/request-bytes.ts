/** What a request is made of before it is bytes; header values may be anything, line breaks excepted. */
export interface RequestParts {
  method: string;
  path: string;
  headers: readonly (readonly [name: string, value: string])[];
  body: Buffer;
}

/** Makes a request as it stands on the wire. Content-Length is added unless given, or chunks are announced. */
export function requestBytes({ method, path, headers, body }: RequestParts): Buffer {
  const names = headers.map(([name]) => name.toLowerCase());
  const framed = names.includes('content-length') || names.includes('transfer-encoding');
  const all = [['host', 'localhost'], ...headers, ...(framed ? [] : [['content-length', String(body.length)]])];
  const lines = all.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return Buffer.concat([Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines}\r\n`, 'latin1'), body]);
}
