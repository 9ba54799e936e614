import { isUtf8 } from 'node:buffer';
import { show } from '@repo/contract/input-error';
import { ServiceError } from '@repo/contract/service-error';

/** Nesting beyond this is refused, so that nothing downstream need fear for its stack. */
const maxDepth = 100;
/** Commas that names, shapes and parameters may need beside those between elements. */
const otherCommas = 1000;
const [quote, backslash, comma] = [0x22, 0x5c, 0x2c];
const [openBrace, closeBrace, openBracket, closeBracket] = [0x7b, 0x7d, 0x5b, 0x5d];

function refuse(received: string): never {
  throw new ServiceError('malformed_json', { path: 'body', received });
}

/** Index of the quote that ends the string which begins at `start`, or the end. */
function endOfString(bytes: Uint8Array, start: number): number {
  let i = start + 1;
  while (i < bytes.length && bytes[i] !== quote) i += bytes[i] === backslash ? 2 : 1;
  return i;
}

/** Whether there are more opening brackets than levels allowed, quoted ones included: found at the speed of memory when they are few. */
function hasManyBrackets(bytes: Uint8Array): boolean {
  let found = 0;
  for (const bracket of [openBracket, openBrace]) {
    for (let at = bytes.indexOf(bracket); at >= 0; at = bytes.indexOf(bracket, at + 1)) {
      if (++found > maxDepth) return true;
    }
  }
  return false;
}

/** Counts what makes parsing dear before it is done: nesting, and values by the commas between them. About 3 ns for each byte. */
function checkSize(bytes: Uint8Array, maxElements: number): void {
  const maxCommas = maxElements + otherCommas;
  // A value and its comma are two bytes at least: most bodies are too short for too many, and too flat for too deep.
  if (bytes.length <= 2 * maxCommas && !hasManyBrackets(bytes)) return;
  let depth = 0;
  let commas = 0;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i];
    if (byte === comma) {
      if (++commas > maxCommas) {
        const [received, allowed] = ['more values than that', `at most ${maxElements} elements in JSON`];
        throw new ServiceError('too_many_elements', { path: 'body', received, allowed });
      }
    } else if (byte === quote) i = endOfString(bytes, i);
    else if (byte === openBracket || byte === openBrace) {
      if (++depth > maxDepth) refuse(`more than ${maxDepth} levels of nesting`);
    } else if (byte === closeBracket || byte === closeBrace) depth--;
  }
}

/**
 * Bytes as JSON. Throws ServiceError malformed_json, also for no bytes, for what is not UTF-8 and beyond 100 levels of nesting, and
 * too_many_elements when there are clearly more values than `maxElements`: both before anything is parsed.
 */
export function parseJson(bytes: Uint8Array, maxElements: number): unknown {
  if (bytes.length === 0) refuse('nothing');
  checkSize(bytes, maxElements);
  if (!isUtf8(bytes)) refuse('bytes that are not UTF-8');
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString();
  try {
    return JSON.parse(text);
  } catch {
    refuse(show(text));
  }
}
