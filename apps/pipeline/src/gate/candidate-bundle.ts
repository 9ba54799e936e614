import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError, show } from '@repo/contract/input-error';
import { type Bundle, readBundle } from '@repo/registry/read-bundle';

/** A bundle that is to be judged, verified, with what lies beside it. */
export interface CandidateBundle extends Pick<Bundle, 'digest' | 'contents'> {
  /** Text of card.md; null where there is none. */
  card: string | null;
}

const isFolder = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );

async function readCard(path: string): Promise<string | null> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
}

/**
 * Reads a candidate of a model: a folder with `bundle/` and `evidence/`, as the train stage writes it, or a bundle itself, whose evidence
 * then lies in `<path>.evidence/`. Throws InputError where there is none, it is damaged or it is of another model.
 */
export async function candidateBundle(path: string, model: string): Promise<CandidateBundle> {
  if (!(await isFolder(path)))
    throw new InputError({
      path: 'candidate',
      received: show(path),
      allowed: 'a folder with bundle/ and evidence/, or a bundle',
      action: 'correct the path, or leave --candidate out to judge what is trained from this checkout',
    });
  const isStage = await isFolder(join(path, 'bundle'));
  const { digest, contents, manifest } = await readBundle(isStage ? join(path, 'bundle') : path);
  if (manifest.model !== model)
    throw new InputError({
      path: 'candidate',
      received: `a bundle of ${show(manifest.model)}`,
      allowed: `a bundle of ${model}`,
      action: 'name the model that it is of, or another folder',
    });
  const evidence = isStage ? join(path, 'evidence') : `${path}.evidence`;
  return { digest, contents, card: await readCard(join(evidence, 'card.md')) };
}
