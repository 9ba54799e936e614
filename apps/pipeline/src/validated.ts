import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Model } from '@repo/contract/model';
import { StageFailure } from '@repo/contract/stage-failure';
import type { Snapshot } from '@repo/datasets/snapshot';
import type { Context } from './context.ts';
import { currentSnapshot } from './snapshots.ts';
import { validateVerb } from './verbs/validate.ts';
import { sourcesOf } from './workspace.ts';

interface Report {
  verdict: string;
  sources: { source: string; snapshot: string }[];
}

/** Snapshots of a model's sources by name, each of which its data contract lets pass; validates them first where that was not done. */
export async function validatedSnapshots(context: Context, model: Model): Promise<Record<string, Snapshot>> {
  const snapshots: Record<string, Snapshot> = {};
  for (const source of sourcesOf(model)) snapshots[source.name] = await currentSnapshot(context, source);
  const path = join(context.workspace.stageDir(model.name, 'validate'), 'report.json');
  const read = async () => JSON.parse(await readFile(path, 'utf8')) as Report;
  const covers = (r: Report) =>
    Object.entries(snapshots).every(([name, s]) => r.sources.some((x) => x.source === name && x.snapshot === s.digest));
  let report = await read().catch(() => null);
  if (report === null || !covers(report)) {
    await validateVerb(context, model.name);
    report = await read();
  }
  if (report.verdict === 'fail') {
    throw new StageFailure(
      `The data of ${model.name} breaks its contract: causeway validate ${model.name} shows the failing rows. Correct the data, or the rule if it is wrong.`,
    );
  }
  return snapshots;
}
