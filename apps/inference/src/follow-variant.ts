import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { nameSchema } from '@repo/contract/name';

/** How often the file is read again. Kubernetes itself takes up to a minute to write a changed label into it. */
const refreshMs = 10_000;

/**
 * Follows a file that says which variant this process is, such as a label of its pod. Returns what answers the newest name in it;
 * `otherwise` while it holds none.
 */
export function followVariant(path: string, otherwise: string): () => string {
  const nameIn = (text: string): string => nameSchema.safeParse(text.trim()).data ?? otherwise;
  let current = otherwise;
  const take = (text: string): void => {
    current = nameIn(text);
  };
  try {
    take(readFileSync(path, 'utf8'));
  } catch {
    // Not there yet: the next look tells.
  }
  const refresh = () => readFile(path, 'utf8').then(take, () => undefined);
  setInterval(() => void refresh(), refreshMs).unref();
  return () => current;
}
