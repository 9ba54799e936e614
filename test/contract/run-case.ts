import { deflateSync, gunzipSync, gzipSync, inflateSync } from 'node:zlib';
import { differences } from './differences.ts';
import { type Received, sendBytes } from './send-bytes.ts';

/** A golden exchange of the protocol: what is sent, and what must come back. */
export interface Case {
  /** What the case shows, for people. */
  about: string;
  request: {
    method: string;
    path: string;
    headers?: Record<string, string>;
    /** JSON to send. */
    body?: unknown;
    /** Text to send as it is, where `body` would not be JSON. */
    text?: string;
    /** Bytes in hexadecimal: after the JSON of `body`, whose length is then announced; without `body` they are all that is sent. */
    binary?: string[];
    /** Sends the whole packed, and says so. */
    packed?: 'gzip' | 'deflate';
  };
  response: {
    status: number;
    /** Headers that must be exactly so; null: must not be there. Content-Type is application/json unless told. */
    headers?: Record<string, string | null>;
    /** See {@link differences}. Without it the answer must have no body. */
    body?: unknown;
    /** The bytes after the JSON, in hexadecimal, by binary output. */
    binary?: string[];
  };
}

const jsonLength = 'inference-header-content-length';
const packers = { gzip: gzipSync, deflate: deflateSync };
const unpackers: Readonly<Record<string, (bytes: Buffer) => Buffer>> = { gzip: gunzipSync, deflate: inflateSync };

function bytesOf({ body, text, binary, packed, headers = {} }: Case['request']): [Buffer, Record<string, string>] {
  const json = Buffer.from(text ?? (body === undefined ? '' : JSON.stringify(body)));
  const bytes = Buffer.concat([json, ...(binary ?? []).map((hex) => Buffer.from(hex, 'hex'))]);
  const announced: Record<string, string> = binary === undefined ? {} : { [jsonLength]: String(json.length) };
  if (packed === undefined) return [bytes, { ...announced, ...headers }];
  return [packers[packed](bytes), { ...announced, 'content-encoding': packed, ...headers }];
}

function wrongBody({ body, binary = [] }: Case['response'], { headers, bytes }: Received): string[] {
  const packing = headers['content-encoding'];
  const unpacked = packing === undefined ? bytes : (unpackers[packing]?.(bytes) ?? bytes);
  if (body === undefined) return unpacked.length === 0 ? [] : [`body: expected none, got ${unpacked.length} bytes`];
  const length = headers[jsonLength] === undefined ? unpacked.length : Number(headers[jsonLength]);
  const found = differences(body, JSON.parse(unpacked.subarray(0, length).toString()));
  const rest = unpacked.subarray(length).toString('hex');
  if (rest !== binary.join('')) found.push(`binary: expected ${binary.join(' ') || 'none'}, got ${rest || 'none'}`);
  return found;
}

/** Sends a case to the service at `baseUrl` and returns where its answer differs; nothing when it is as it must be. */
export async function runCase(baseUrl: string, { request, response }: Case): Promise<string[]> {
  const [bytes, headers] = bytesOf(request);
  const received = await sendBytes(baseUrl, request.method, request.path, headers, bytes);
  const found = wrongBody(response, received);
  if (received.status !== response.status) found.push(`status: expected ${response.status}, got ${received.status}`);
  const wanted = { 'content-type': 'application/json', ...response.headers };
  for (const [name, value] of Object.entries(wanted)) {
    const got = received.headers[name] ?? null;
    if (got !== value) found.push(`${name}: expected ${value ?? 'none'}, got ${got ?? 'none'}`);
  }
  return found;
}
