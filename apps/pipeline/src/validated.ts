import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Model } from '@repo/contract/model';
import { StageFailure } from '@repo/contract/stage-failure';
import type { Snapshot } from '@repo/datasets/snapshot';
import type { Context } from './context.ts';
import { currentSnapshot } from './snapshots.ts';
import { rulesDigest, type ValidateReport, validateStage } from './verbs/validate.ts';
import { sourcesOf } from './workspace.ts';

/** Whether a report judged these snapshots by the rules as they are now. */
function covers(report: ValidateReport, model: Model, snapshots: Readonly<Record<string, Snapshot>>): boolean {
  return sourcesOf(model).every(
    (source) =>
      report.rules?.[source.name] === rulesDigest(source) &&
      report.sources.some((one) => one.source === source.name && one.snapshot === snapshots[source.name]?.digest),
  );
}

/**
 * Snapshots of a model's sources by name, each of which its data contract lets pass; validates them first where that was not done.
 * Throws StageFailure when one does not pass.
 */
export async function validatedSnapshots(context: Context, model: Model): Promise<Record<string, Snapshot>> {
  const snapshots: Record<string, Snapshot> = {};
  for (const source of sourcesOf(model)) snapshots[source.name] = await currentSnapshot(context, source);
  const path = join(context.workspace.stageDir(model.name, 'validate'), 'report.json');
  // Without a report, or with a damaged one, the data is validated anew.
  let report = (await readFile(path, 'utf8')
    .then(JSON.parse)
    .catch(() => null)) as ValidateReport | null;
  if (report === null || !covers(report, model, snapshots)) {
    report = (await validateStage(context, model)).json as ValidateReport;
  }
  if (report.verdict === 'fail') {
    throw new StageFailure(
      `the data of ${model.name} breaks its contract: causeway validate ${model.name} shows the failing rows; correct the data, or the rule if it is wrong`,
    );
  }
  return snapshots;
}
