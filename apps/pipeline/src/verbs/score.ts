import { basename, dirname, extname, join, resolve } from 'node:path';
import { InputError } from '@repo/contract/input-error';
import type { InstantUs } from '@repo/contract/instant';
import type { ModelContract } from '@repo/contract/model-contract';
import { type Database, openDatabase } from '@repo/datasets/database';
import { createRegistry } from '@repo/registry/registry';
import { openBatchScorer } from '@repo/serving/batch-scorer';
import type { Context } from '../context.ts';
import { type ChampionBundle, championBundle } from '../gate/champion-bundle.ts';
import { contractViews } from '../gate/contract-views.ts';
import type { Outcome } from '../outcome.ts';
import { openRelations } from '../relations.ts';
import { answerRows } from '../score/answer-rows.ts';
import { openTable, readingTable, type ScoreTable } from '../score/open-table.ts';
import type { Scorable } from '../score/scorable.ts';
import { isMatrix, readMatrix } from '../score/score-matrix.ts';
import { readRequests } from '../score/score-requests.ts';
import { checkNames, checkTarget, writeScores } from '../score/write-scores.ts';
import { currentSnapshot } from '../snapshots.ts';
import { table } from '../table.ts';
import { eachOnce, loadModel } from '../workspace.ts';

/** What to score and with what. Paths are relative to where the command runs. */
export interface ScoreOptions {
  readonly file: string;
  /** Null: `<file>.scored` with the ending of the file, beside it. */
  readonly out: string | null;
  /** Null: the champion. */
  readonly version: number | null;
  /** For requests: nothing that became known later counts; null: the cut-off of each row alone. */
  readonly atUs: InstantUs | null;
}

const answers = 'score_answers';

/** The version asked for, else the committed champion, else the registry's. */
async function bundleOf(context: Context, model: string, version: number | null): Promise<ChampionBundle> {
  const found = await championBundle(context, model, version);
  return found ?? createRegistry(context.stateUrl, context.workspace.root).openBundle(model, 'champion');
}

function beside(path: string): string {
  const ending = extname(path);
  return join(dirname(path), `${basename(path, ending)}.scored${ending}`);
}

/** Rows that look like outliers would be answered otherwise by the service, and batches do not judge that. */
function requirePolicies({ model, serving }: ModelContract): void {
  const problems = [
    {
      path: `${model}.serving.outliers`,
      received: serving.outliers,
      allowed: 'flag',
      fits: serving.outliers === 'flag',
    },
    {
      path: `${model}.serving.unknowns`,
      received: serving.unknowns,
      allowed: 'flag, reject',
      fits: serving.unknowns !== 'fallback',
    },
  ].filter(({ fits }) => !fits);
  const action = 'ask the service about these rows, or release a version with such a policy';
  if (problems.length > 0) throw new InputError(problems.map(({ fits: _, ...problem }) => ({ ...problem, action })));
}

async function readAsked(
  context: Context,
  database: Database,
  contract: ModelContract,
  file: ScoreTable,
  atUs: InstantUs | null,
): Promise<Scorable> {
  const { progress, workspace } = context;
  const views = await contractViews(context, await loadModel(workspace, contract.model), contract);
  const sources = eachOnce(views.flatMap(({ spec, source }) => (spec.kind === 'request' ? [] : [source])));
  const snapshots = await Array.fromAsync(
    sources,
    async (source) => [source.name, await currentSnapshot(context, source)] as const,
  );
  const relations = await openRelations(database, Object.fromEntries(snapshots));
  let begun = false;
  const onProgress = (done: number, total: number, step: string) => {
    if (!begun) progress.start('join features', total);
    begun = true;
    progress.update(done, step);
  };
  return readRequests(database, contract, file, { views, relations, atUs, onProgress });
}

/** Rows by what became of them, from the file that was written. */
async function countsOf(database: Database, path: string, output: string) {
  const { from } = await openTable(database, path);
  const list =
    extname(path) === '.parquet'
      ? 'degraded_reasons'
      : extname(path) === '.csv'
        ? `string_split(degraded_reasons, ' ')`
        : `CAST(degraded_reasons AS JSON)::VARCHAR[]`;
  const [rows] = await database.rows(`SELECT count(*) AS rows, count("${output}") AS answered FROM ${from}`);
  const reasons = await database.rows(
    `SELECT reason, count(*) AS rows FROM (SELECT unnest(${list}) AS reason FROM ${from}) WHERE reason IS NOT NULL GROUP BY reason ORDER BY rows DESC, reason`,
  );
  return {
    rows: Number(rows?.rows),
    answered: Number(rows?.answered),
    reasons: Object.fromEntries(reasons.map(({ reason, rows }) => [String(reason), Number(rows)])),
  };
}

/**
 * `causeway score <model> <file>`: answers every row of a table, as the service would, and writes the table with the answers. May run at any time: it
 * changes nothing else. Throws InputError for a file, column or version that does not fit, and where no row at all could be answered.
 */
export async function scoreVerb(context: Context, model: string, options: ScoreOptions): Promise<Outcome> {
  const { progress, workingDir } = context;
  const path = resolve(workingDir, options.file);
  const out = options.out === null ? beside(path) : resolve(workingDir, options.out);
  const bundle = await bundleOf(context, model, options.version);
  const database = await openDatabase({ memoryMiB: 2048 });
  try {
    const file = await openTable(database, path);
    checkTarget(out, path);
    const scorer = await openBatchScorer(bundle);
    try {
      const { contract } = scorer;
      requirePolicies(contract);
      const { version, digest } = bundle;
      const scored = await readingTable(path, async () => {
        const matrix = isMatrix(contract, file);
        if (options.atUs !== null && matrix)
          throw new InputError({
            path: '--at',
            received: 'a file with the features ready',
            allowed: 'a file of requests',
            action: 'leave --at out',
          });
        const scorable = matrix
          ? readMatrix(contract, file)
          : await readAsked(context, database, contract, file, options.atUs);
        checkNames(file.columns.keys(), { contract, scorable });
        progress.start('score', file.rows);
        await answerRows(database, scorer, scorable, answers, (rows) => progress.update(rows));
        return { contract, version, digest, scorable, answers };
      });
      progress.start('write', 1);
      await writeScores(database, out, scored);
      const counts = await countsOf(database, out, contract.output.name);
      const json = { model, version, digest, out, ...counts };
      const cells = Object.entries(counts.reasons).map(([reason, rows]) => [reason, rows]);
      const text = `${model} ${version}: ${counts.answered} of ${counts.rows} rows answered, in ${out}`;
      return { exitCode: 0, json, text: cells.length === 0 ? text : `${text}\n${table(['reason', 'rows'], cells)}` };
    } finally {
      await scorer.close();
    }
  } finally {
    database.close();
  }
}
