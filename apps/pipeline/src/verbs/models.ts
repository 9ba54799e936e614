import { InputError } from '@repo/contract/input-error';
import type { Champion } from '@repo/contract/manifest';
import { verifyCommitted } from '@repo/registry/verify-committed';
import type { Context } from '../context.ts';
import { checkPinned } from '../experiment/check-pinned.ts';
import type { Outcome } from '../outcome.ts';
import { table } from '../table.ts';
import { loadModel, modelNames } from '../workspace.ts';

interface ModelRow {
  model: string;
  question: string;
  task: string;
  features: number;
  champion: Champion | null;
  /** What is wrong with the definition, the committed champion or the experiment; null when nothing is. */
  problem: string | null;
}

async function rowOf(context: Context, name: string): Promise<ModelRow> {
  try {
    const model = await loadModel(context.workspace, name);
    const features = model.features.reduce((n, view) => n + Object.keys(view.spec.features).length, 0);
    const committed = await verifyCommitted(context.workspace.modelDir(name));
    await checkPinned(context, model);
    return {
      model: name,
      question: model.question,
      task: model.task,
      features,
      champion: committed === null ? null : { version: committed.version, digest: committed.digest },
      problem: null,
    };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { model: name, question: '', task: '', features: 0, champion: null, problem: error.message };
  }
}

/** `causeway models`: every folder under models/, its champion, and what is wrong with it. A broken model breaks only its own row. */
export async function modelsVerb(context: Context): Promise<Outcome> {
  const rows = await Promise.all((await modelNames(context.workspace)).map((name) => rowOf(context, name)));
  const broken = rows.filter((row) => row.problem !== null);
  const cells = rows.map((r) => [
    r.model,
    r.problem === null ? r.task : 'broken',
    r.features,
    r.champion === null ? 'none' : `version ${r.champion.version}`,
    r.question,
  ]);
  const lines = broken.map((row) => `${row.model} is broken: ${row.problem}`);
  return {
    exitCode: broken.length > 0 ? 1 : 0,
    json: rows,
    text: [table(['model', 'task', 'features', 'champion', 'question'], cells), ...lines].join('\n'),
  };
}
