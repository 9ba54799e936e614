// budget: 200 s
// needs: git
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Champion, type Lineage, lineageSchema } from '@repo/contract/manifest';
import type { Model } from '@repo/contract/model';
import { type DriftBasis, driftBasisSchema } from '@repo/monitoring/drift-basis';
import { readBundle } from '@repo/registry/read-bundle';
import { trainerDigest } from '@repo/training/trainer-digest';
import { afterAll, expect, test } from 'vitest';
import { createCopiedWorkspace } from './copied-workspace.ts';

const name = 'flight-delay';
const workspace = createCopiedWorkspace();
afterAll(workspace.remove);
const modelDir = join(workspace.root, 'models', name);
const stage = (path: string) => join(workspace.root, '.causeway/stages', path);
const json = (path: string) => JSON.parse(readFileSync(path, 'utf8'));

const causeway = (...args: string[]) => workspace.succeed('causeway', ...args);

/** What decides the bytes of a bundle and is no longer what the committed one was made from. */
async function changesSince(then: Lineage): Promise<string[]> {
  const { default: model } = (await import(pathToFileURL(join(modelDir, 'model.ts')).href)) as { default: Model };
  if (model.digest !== then.definition) return ['the definition'];
  await causeway('validate', name);
  const { sources } = json(stage(`${name}/validate/report.json`)) as {
    sources: { source: string; snapshot: string }[];
  };
  const trainer = await trainerDigest(model.training, modelDir);
  return [
    ...sources.flatMap(({ source, snapshot }) => (then.data[source] === snapshot ? [] : [`the data of ${source}`])),
    ...(trainer === then.trainer ? [] : ['the trainer, that is its code or Node']),
  ];
}

test('the committed champion, trained again from the same definition, data and trainer, has the same digest, and its days and features say the same', async ({
  skip,
}) => {
  const leaveOut = (reason: string): never => {
    console.log(reason);
    return skip(reason);
  };
  if (!existsSync(join(modelDir, 'champion.json')))
    leaveOut(`${name} has no champion.json yet: nothing to compare with`);
  const { version, digest } = json(join(modelDir, 'champion.json')) as Champion;
  const changes = await changesSince(lineageSchema.parse(json(join(modelDir, `release/${version}/lineage.json`))));
  if (changes.length > 0) leaveOut(`version ${version} of ${name} was made before a change of ${changes.join(', ')}`);
  await causeway('train', name);
  expect((await readBundle(stage(`${name}/train/bundle`))).digest).toBe(digest);
  const basis = (path: string): DriftBasis => driftBasisSchema.parse(json(path));
  const made = basis(stage(`${name}/train/evidence/drift.json`));
  const committed = basis(join(modelDir, `release/${version}.evidence/drift.json`));
  expect(made.digest).toBe(committed.digest);
  // Not digit for digit: another processor may add up answers in another order, and a row then lies in the next bin.
  const numbers = (of: unknown): number[] =>
    Object.values(of as object).flatMap((one) =>
      typeof one === 'object' && one !== null ? numbers(one) : Number(one),
    );
  const [theirs, ours] = [committed, made].map(({ law, importances }) => numbers([law, importances]));
  expect(ours?.length).toBe(theirs?.length);
  for (const [i, one] of (ours ?? []).entries()) expect(one).toBeCloseTo(theirs?.[i] as number, 2);
});
