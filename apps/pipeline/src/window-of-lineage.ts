import { parseOrThrow } from '@repo/contract/parse';
import { type Split, splitSchema } from '@repo/contract/split';

function windowIn(content: Uint8Array): unknown {
  try {
    return (JSON.parse(new TextDecoder().decode(content)) as { window?: unknown } | null)?.window;
  } catch {
    // Whoever reads the bundle as such says so; here it means that nobody moved the days.
    return undefined;
  }
}

/** The days that a bundle learned from, as its lineage.json has them: null where they are those of the definition. Throws InputError for days that are none. */
export function windowOfLineage(content: Uint8Array | undefined, path: string): Split | null {
  const found = content === undefined ? undefined : windowIn(content);
  return found === undefined ? null : parseOrThrow(splitSchema, found, `${path}.window`);
}
