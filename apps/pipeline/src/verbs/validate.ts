import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson, digestOf } from '@repo/contract/canonical-json';
import type { Model } from '@repo/contract/model';
import type { Source } from '@repo/contract/source';
import { validate } from '@repo/datasets/validate';
import type { RuleResult, ValidationReport } from '@repo/datasets/validation-report';
import writeFileAtomic from 'write-file-atomic';
import type { Context } from '../context.ts';
import { largeTables } from '../large-tables.ts';
import type { Outcome } from '../outcome.ts';
import { currentSnapshot } from '../snapshots.ts';
import { table } from '../table.ts';
import { sourcesOf } from '../workspace.ts';

function rowOf(source: string, { ruleId, outcome, broken, share, because, detail }: RuleResult): (string | number)[] {
  return [
    outcome,
    source,
    ruleId,
    broken,
    `${(100 * share).toFixed(2)} %`,
    [detail, because].filter((x) => x !== null).join('; '),
  ];
}

function exampleLines(source: string, { ruleId, outcome, examples }: RuleResult): string[] {
  if (outcome !== 'fail' || examples.length === 0) return [];
  return [`${source} ${ruleId}, failing rows:`, ...examples.map((row) => `  ${JSON.stringify(row)}`)];
}

function textOf(name: string, reports: readonly ValidationReport[]): string {
  const notable = reports.flatMap((r) => r.results.filter((x) => x.outcome !== 'pass').map((x) => rowOf(r.source, x)));
  const all = reports.flatMap((r) => r.results);
  const count = (outcome: string) => all.filter((x) => x.outcome === outcome).length;
  const summary = `${name}: ${count('pass')} passed, ${count('warn')} warned, ${count('fail')} failed, over ${reports.map((r) => `${r.rows} ${r.source}`).join(', ')}`;
  const examples = reports.flatMap((r) => r.results.flatMap((x) => exampleLines(r.source, x)));
  const shown = notable.length === 0 ? [] : [table(['outcome', 'source', 'rule', 'rows', 'share', 'why'], notable)];
  return [...shown, ...examples, summary].join('\n');
}

/** report.json of the validate stage. */
export interface ValidateReport {
  schemaVersion: 1;
  model: string;
  verdict: 'pass' | 'fail';
  /** Digest of the rules that each source was held to, by name. */
  rules: Record<string, string>;
  sources: ValidationReport[];
}

/** Digest of the data contract of a source: with the snapshot's it says whether a report still holds. */
export const rulesDigest = ({ columns, rules }: Source): string => digestOf({ columns, rules });

/** `causeway validate <model>`: holds every source of a model to its data contract. Fails when a rule of severity fail is broken. */
export async function validateStage(context: Context, model: Model): Promise<Outcome> {
  const { workspace, progress, nowUs, environment } = context;
  const sources = sourcesOf(model);
  const reports: ValidationReport[] = [];
  for (const source of sources) {
    await currentSnapshot(context, source);
    progress.start(`validate ${source.name}`, 1);
    reports.push(
      await validate(source, workspace.stageDir(source.name, 'ingest'), { nowUs, environment, ...largeTables }),
    );
    progress.update(1);
  }
  const report: ValidateReport = {
    schemaVersion: 1,
    model: model.name,
    verdict: reports.some((one) => one.verdict === 'fail') ? 'fail' : 'pass',
    rules: Object.fromEntries(sources.map((source) => [source.name, rulesDigest(source)])),
    sources: reports,
  };
  const dir = workspace.stageDir(model.name, 'validate');
  await mkdir(dir, { recursive: true });
  await writeFileAtomic(join(dir, 'report.json'), `${canonicalJson(report)}\n`);
  return { exitCode: report.verdict === 'fail' ? 1 : 0, json: report, text: textOf(model.name, reports) };
}
