import { cp, readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { canonicalJson } from '@repo/contract/canonical-json';
import { InputError } from '@repo/contract/input-error';
import { type Champion, lineageSchema } from '@repo/contract/manifest';
import type { Model } from '@repo/contract/model';
import { StageFailure } from '@repo/contract/stage-failure';
import { AliasConflict } from '@repo/registry/alias-conflict';
import { bundleJson } from '@repo/registry/bundle-json';
import { checkEvidence, type EvidenceName } from '@repo/registry/evidence-name';
import { importCommitted } from '@repo/registry/import-committed';
import { type Bundle, readBundle } from '@repo/registry/read-bundle';
import { createRegistry } from '@repo/registry/registry';
import writeFileAtomic from 'write-file-atomic';
import type { Files } from '../champion-change.ts';
import type { Context } from '../context.ts';
import type { Outcome } from '../outcome.ts';
import { replaceFolder } from '../replace-folder.ts';

/** The bundle that the train stage wrote. Throws InputError where there is none, it is damaged, or the definition has changed since. */
async function trainedBundle({ workspace }: Context, { name, digest }: Model): Promise<Bundle> {
  const bundle = await readBundle(join(workspace.stageDir(name, 'train'), 'bundle')).catch((error: unknown) => {
    if (!(error instanceof InputError)) throw error;
    throw new InputError([
      ...error.problems,
      {
        path: `bundle of ${name}`,
        received: 'none that is whole',
        allowed: 'a trained bundle',
        action: `run causeway train ${name}`,
      },
    ]);
  });
  const { definition } = bundleJson(bundle.contents, 'lineage.json', lineageSchema);
  if (definition === digest) return bundle;
  throw new InputError({
    path: `bundle of ${name}`,
    received: `one trained from another definition, ${definition}`,
    allowed: `one trained from models/${name}/model.ts as it is now, ${digest}`,
    action: `run causeway train ${name}`,
  });
}

/** Writes a model's first version beside its definition, with its evidence: there is no champion that it would have to beat. */
async function commitFirst(modelDir: string, bundleDir: string, champion: Champion, evidence: Files): Promise<void> {
  const release = join(modelDir, 'release', String(champion.version));
  await replaceFolder(release, (part) => cp(bundleDir, part, { recursive: true }));
  if (evidence.size > 0) {
    await replaceFolder(`${release}.evidence`, async (part) => {
      for (const [name, content] of evidence) await writeFile(join(part, name), content);
    });
  }
  await writeFileAtomic(join(modelDir, 'champion.json'), `${canonicalJson(champion)}\n`);
}

/** The evidence that lies beside the bundle and is about it: card and drift.json of the train stage, the report of the gate stage. */
async function foundEvidence(
  { workspace, progress }: Context,
  subject: { model: string; digest: string },
): Promise<ReadonlyMap<EvidenceName, Uint8Array>> {
  const places = {
    'card.md': join(workspace.stageDir(subject.model, 'train'), 'evidence', 'card.md'),
    'drift.json': join(workspace.stageDir(subject.model, 'train'), 'evidence', 'drift.json'),
    'report.json': join(workspace.stageDir(subject.model, 'gate'), 'report.json'),
  } as const;
  const found = new Map<EvidenceName, Uint8Array>();
  for (const [name, path] of Object.entries(places) as [keyof typeof places, string][]) {
    const content = await readFile(path).catch(() => null);
    if (content === null) continue;
    try {
      checkEvidence(name, content, subject);
      found.set(name, content);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      progress.line(
        `${relative(workspace.root, path)} is left out: ${error.problems[0]?.path} received ${error.problems[0]?.received}`,
      );
    }
  }
  return found;
}

/**
 * `causeway register <model>`: puts the trained bundle into the registry under the next version, with the evidence about it. The first version
 * of a model becomes its champion and is written to models/<model>/release; a later one becomes the challenger.
 */
export async function registerStage(context: Context, model: Model): Promise<Outcome> {
  const { workspace, stateUrl } = context;
  const { name } = model;
  const modelDir = workspace.modelDir(name);
  const registry = createRegistry(stateUrl, workspace.root);
  const bundle = await trainedBundle(context, model);
  try {
    const committed = await importCommitted(registry, modelDir);
    const { version, digest, created } = await registry.register(name, bundle.dir);
    const evidence = await foundEvidence(context, { model: name, digest });
    for (const [file, content] of evidence) await registry.attachEvidence(name, version, file, content);
    const current = await registry.getAlias(name, 'champion');
    if (current === null) await registry.setAlias(name, 'champion', version, null);
    const alias = (current ?? version) === version ? 'champion' : 'challenger';
    if (alias === 'challenger')
      await registry.setAlias(name, alias, version, await registry.getAlias(name, 'challenger'));
    if (alias === 'champion' && committed === null)
      await commitFirst(modelDir, bundle.dir, { version, digest }, evidence);
    return {
      exitCode: 0,
      json: { model: name, version, digest, created, alias, evidence: [...evidence.keys()] },
      text: `${name} version ${version} is the ${alias}: ${digest}${created ? '' : ' (registered before)'}`,
    };
  } catch (error) {
    if (!(error instanceof AliasConflict)) throw error;
    throw new StageFailure(`${error.message}: another command moved it meanwhile; run causeway register ${name} again`);
  }
}
