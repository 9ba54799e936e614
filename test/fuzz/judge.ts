import { errorCatalogue } from '@repo/contract/error-catalogue';
import { errorBodySchema } from '@repo/contract/protocol';
import type { Exchange, RawAnswer } from './exchange.ts';

/** What Node's own parser answers before there is a request, bare: not HTTP, a request that stalls, headers over 16 KiB. */
const bare: readonly number[] = [400, 408, 431];

/** Whatever a caller sends, these are never his doing. The model of the suite can be driven to infinity, so output_not_finite is. */
const ours: readonly string[] = ['internal', 'inference_failed', 'load_failed', 'worker_lost'];

/** A body as JSON, undefined when it is none. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function problemOf({ status, headers, body }: RawAnswer): string | null {
  const text = body.toString();
  const type = headers['content-type'];
  // An answer to HEAD has the headers alone.
  if (text === '' && Number(headers['content-length']) > 0) return null;
  if (status === 200) {
    const isPlainJson = type === 'application/json' && headers['content-encoding'] === undefined;
    return isPlainJson && jsonOf(text) === undefined ? `200 with a body that is no JSON: ${text.slice(0, 200)}` : null;
  }
  if (text === '' && bare.includes(status) && headers['x-request-id'] === undefined) return null;
  if (type !== 'application/json') return `${status} with Content-Type ${type}`;
  const parsed = jsonOf(text);
  if (parsed === undefined) return `${status} with a body that is no JSON: ${text.slice(0, 200)}`;
  const error = errorBodySchema.safeParse(parsed);
  if (!error.success) return `${status} with another body than an error has: ${text.slice(0, 200)}`;
  const row = Object.entries(errorCatalogue).find(([code]) => code === error.data.code)?.[1];
  if (row?.status !== status) return `${status} with code ${error.data.code}`;
  if (ours.includes(error.data.code)) return `${status} ${error.data.code}: ${error.data.error.slice(0, 300)}`;
  return null;
}

/** What is wrong with how a server took whatever it was sent; null when there is an answer, every one is a row of the catalogue, and nothing hung. */
export function judge({ answers, rest, end }: Exchange): string | null {
  const wrong = answers.map(problemOf).find((problem) => problem !== null);
  if (wrong !== undefined) return wrong;
  if (end === 'hung') return `silence after ${answers.length} answers`;
  if (rest > 0) return `${rest} bytes of an answer that broke off`;
  if (answers.length === 0) return 'a connection closed without a word';
  return null;
}
