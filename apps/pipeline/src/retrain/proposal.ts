import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError, show } from '@repo/contract/input-error';
import { nameSchema } from '@repo/contract/name';
import { parseOrThrow } from '@repo/contract/parse';
import { evidenceNames } from '@repo/registry/evidence-name';
import { createRegistry } from '@repo/registry/registry';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import type { Context } from '../context.ts';
import { readUntrustedJson } from '../read-untrusted-json.ts';

const schema = z.strictObject({
  schemaVersion: z.literal(1),
  model: nameSchema,
  version: z.int().min(1),
  /** What stands above the report in the pull request: Markdown. */
  why: z.string().max(100_000),
});
export type Proposal = Omit<z.output<typeof schema>, 'schemaVersion'>;

/**
 * Writes a folder from which a version can be proposed where the state is not reached: proposal.json, and a registry of its own that holds the
 * version with its evidence and nothing else. A proposal that stood there goes.
 */
export async function writeProposal(context: Context, folder: string, proposal: Proposal): Promise<void> {
  const { stateUrl, workspace } = context;
  const { model, version } = proposal;
  await mkdir(folder, { recursive: true });
  for (const name of ['proposal.json', 'registry']) await rm(join(folder, name), { recursive: true, force: true });
  const [from, to] = [createRegistry(stateUrl, workspace.root), createRegistry(`file:${folder}`, workspace.root)];
  await to.importVersion(model, version, (await from.openBundle(model, version)).dir);
  for (const name of evidenceNames) {
    const evidence = await from.evidence(model, version, name);
    if (evidence !== null) await to.attachEvidence(model, version, name, evidence.content);
  }
  // Last: without it there is no proposal.
  await writeFileAtomic(join(folder, 'proposal.json'), `${JSON.stringify({ schemaVersion: 1, ...proposal })}\n`);
}

/** Reads proposal.json of such a folder. Throws InputError where it is not one, or is about another model. */
export async function readProposal(folder: string, model: string): Promise<Proposal> {
  const path = join(folder, 'proposal.json');
  const action = 'name a folder that causeway retrain --out wrote';
  const content = await readUntrustedJson(path, { mostBytes: 2 ** 20, action });
  const { schemaVersion: _, ...proposal } = parseOrThrow(schema, content, path);
  if (proposal.model === model) return proposal;
  const received = show(proposal.model);
  throw new InputError({
    path: `${path}: model`,
    received,
    allowed: show(model),
    action: 'name the model that it is about',
  });
}
