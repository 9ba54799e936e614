import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError, show } from '@repo/contract/input-error';
import { type DriftBasis, driftBasisSchema } from '@repo/monitoring/drift-basis';
import { parseJson } from '@repo/registry/json-object';
import { createRegistry } from '@repo/registry/registry';
import type { Context } from '../context.ts';
import { championBundle } from '../gate/champion-bundle.ts';

async function contentOf({ workspace, stateUrl }: Context, model: string, version: number): Promise<Uint8Array | null> {
  const release = join(workspace.modelDir(model), 'release', String(version));
  if (existsSync(release)) {
    const path = join(`${release}.evidence`, 'drift.json');
    return existsSync(path) ? readFile(path) : null;
  }
  const found = await createRegistry(stateUrl, workspace.root).evidence(model, version, 'drift.json');
  return found?.content ?? null;
}

async function readBasis(context: Context, model: string, version: number): Promise<DriftBasis | null> {
  const bundle = await championBundle(context, model, version);
  const content = bundle === null ? null : await contentOf(context, model, version);
  if (bundle === null || content === null) return null;
  const path = `drift.json of version ${version}`;
  const basis = parseJson(driftBasisSchema, content, path);
  if (basis.digest === bundle.digest && basis.model === model) return basis;
  throw new InputError({
    path: `${path}: digest`,
    received: show(`${basis.digest} of ${basis.model}`),
    allowed: `${bundle.digest} of ${model}`,
    action: `train the version again, which writes it: causeway train ${model}`,
  });
}

/**
 * What training left behind for judging the drift of a version: drift.json beside its release in git, else among its evidence in the registry. Null,
 * and said so, for a version trained before there was such a file, one that is not at hand, and a file that is damaged or about another bundle.
 */
export async function servedBasis(context: Context, model: string, version: string | null): Promise<DriftBasis | null> {
  if (version === null || !/^\d{1,9}$/.test(version)) return null;
  const without = (why: string): null => {
    context.progress.line(
      `drift of version ${version} is judged by the days of its traffic, without importances: ${why}`,
    );
    return null;
  };
  try {
    return (await readBasis(context, model, Number(version))) ?? without('it has no drift.json');
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return without(error.message);
  }
}
