import type { ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { constants, deflate, gzip } from 'node:zlib';
import type { InferAnswer } from '@repo/serving/protocol/write-infer-response';
import { requestIdHeader } from '../request-id.ts';
import { type AnswerEncoding, acceptedEncoding } from './accepted-encoding.ts';

/** Answers below this many bytes go unpacked: they fit into a packet as they are. */
const minPackedBytes = 1024;

const packers = { gzip: promisify(gzip), deflate: promisify(deflate) };

/** Off the event loop; the fastest level, as the caller waits. */
const pack = (encoding: AnswerEncoding, bytes: Buffer): Promise<Buffer> =>
  packers[encoding](bytes, { level: constants.Z_BEST_SPEED });

/** What names a request in logs and traces. */
export interface RequestIds {
  readonly requestId: string;
  readonly traceparent: string | undefined;
}

/** Headers of an answer; the announced length of the JSON part refers to the answer unpacked. */
function headersOf({ json, binary }: InferAnswer, { requestId, traceparent }: RequestIds, length: number): string[] {
  const headers = ['content-type', binary === null ? 'application/json' : 'application/octet-stream'];
  if (binary !== null) headers.push('inference-header-content-length', String(Buffer.byteLength(json)));
  if (traceparent !== undefined) headers.push('traceparent', traceparent);
  headers.push(requestIdHeader, requestId, 'content-length', String(length));
  return headers;
}

/**
 * Sends an answer: all JSON, or JSON and binary tensors where an output is binary; packed when the caller asks for it and it is worth it.
 * Content-Type is exactly application/json or application/octet-stream: clients compare the whole header.
 */
export async function sendInference(
  response: ServerResponse,
  answer: InferAnswer,
  ids: RequestIds,
  accepts: string | undefined,
): Promise<void> {
  const { json, binary } = answer;
  const encoding = acceptedEncoding(accepts);
  if (binary === null && (encoding === null || json.length < minPackedBytes)) {
    response.writeHead(200, headersOf(answer, ids, Buffer.byteLength(json))).end(json);
    return;
  }
  const bytes = Buffer.concat([Buffer.from(json), ...(binary ?? [])]);
  if (encoding === null || bytes.length < minPackedBytes) {
    response.writeHead(200, headersOf(answer, ids, bytes.length)).end(bytes);
    return;
  }
  const packed = await pack(encoding, bytes);
  const headers = headersOf(answer, ids, packed.length);
  response.writeHead(200, [...headers, 'content-encoding', encoding]).end(packed);
}
