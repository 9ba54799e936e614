import { relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { InputError, show } from '@repo/contract/input-error';

/** First file and line of the checkout that an error's stack names, such as ` (features/flights/flights.ts:12)`; else nothing. */
function placeOf(error: Error, root: string): string {
  for (const [, url, line] of String(error.stack).matchAll(/(file:\/\/[^\s:)]+):(\d+)/g)) {
    const file = relative(root, fileURLToPath(url as string));
    if (!file.startsWith('..')) return ` (${file}:${line})`;
  }
  return '';
}

/** Imports a module of the checkout; what is wrong with it or with what it imports, also a syntax error, becomes an InputError. */
export async function loadModule(root: string, path: string): Promise<Record<string, unknown>> {
  try {
    return (await import(pathToFileURL(path).href)) as Record<string, unknown>;
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    const thrown =
      cause instanceof Error ? `${cause.name}: ${cause.message.split('\n')[0]}${placeOf(cause, root)}` : show(cause);
    throw new InputError({
      path: relative(root, path),
      received: thrown,
      allowed: 'a module that can be imported',
      action: 'correct the file',
    });
  }
}
