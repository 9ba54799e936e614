import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { InputError } from '@repo/contract/input-error';
import type { Model } from '@repo/contract/model';
import { openDatabase } from '@repo/datasets/database';
import { readOut } from '@repo/experiments/read-out';
import { renderReadout } from '@repo/experiments/render-readout';
import { openAnswers } from '@repo/monitoring/open-answers';
import { localStateDir } from '@repo/registry/local-state-dir';
import writeFileAtomic from 'write-file-atomic';
import type { Context } from '../context.ts';
import { gatherExperiment } from '../experiment/gather-experiment.ts';
import { readoutText } from '../experiment/readout-text.ts';
import { logRelation } from '../log-relation.ts';
import type { Outcome } from '../outcome.ts';

/** Where an experiment is read from, and what to write besides. Paths are relative to where the command runs. */
export interface ExperimentOptions {
  /** Folder of the prediction log; null: the one in the state folder. */
  readonly log: string | null;
  /** File or folder of labels; null: the data of the model's events. */
  readonly labels: string | null;
  /** File for the page; null: none. */
  readonly html: string | null;
}

const exitCodes = { pass: 0, fail: 1, inconclusive: 3 } as const;

/** `causeway experiment <model>`: what the experiment says so far, from the prediction log and the labels. May be asked at any time. */
export async function experimentVerb(context: Context, model: Model, options: ExperimentOptions): Promise<Outcome> {
  const policy = model.experiment;
  if (policy === undefined) {
    const action = 'declare one, see docs/experiments.md';
    throw new InputError({ path: `${model.name}.experiment`, received: 'nothing', allowed: 'an experiment', action });
  }
  const { workingDir, workspace, stateUrl } = context;
  const given = (path: string | null) => (path === null ? null : resolve(workingDir, path));
  const logDir = given(options.log) ?? join(localStateDir(stateUrl, workspace.root), 'predictions');
  const temporaryDir = await mkdtemp(join(tmpdir(), 'experiment-'));
  const database = await openDatabase();
  try {
    const { relation, damaged } = logRelation(logDir, model.name, temporaryDir);
    await openAnswers(database, { model, relation, unit: policy.unit });
    if (damaged > 0) context.progress.line(`${damaged} lines of the log are damaged and left out`);
    const evidence = await gatherExperiment(context, database, { model, policy, labels: given(options.labels) });
    const readout = readOut(model.name, policy, evidence);
    const page = given(options.html);
    if (page !== null) await writeFileAtomic(page, renderReadout(readout));
    return { exitCode: exitCodes[readout.verdict], json: readout, text: readoutText(readout) };
  } finally {
    database.close();
    await rm(temporaryDir, { recursive: true, force: true });
  }
}
