import { basename, dirname, extname, join, resolve } from 'node:path';
import { InputError } from '@repo/contract/input-error';
import type { InstantUs } from '@repo/contract/instant';
import { type ModelContract, modelContractSchema } from '@repo/contract/model-contract';
import { ServiceError } from '@repo/contract/service-error';
import { StageFailure } from '@repo/contract/stage-failure';
import { type Database, openDatabase } from '@repo/datasets/database';
import { bundleJson } from '@repo/registry/bundle-json';
import { createRegistry } from '@repo/registry/registry';
import { type BatchScorer, openBatchScorer } from '@repo/serving/batch-scorer';
import type { Context } from '../context.ts';
import { type ChampionBundle, championBundle } from '../gate/champion-bundle.ts';
import { largeTables } from '../large-tables.ts';
import type { Outcome } from '../outcome.ts';
import { countAnswers } from '../score/count-answers.ts';
import { openRequests } from '../score/open-requests.ts';
import { openTable, readingTable, type ScoreTable } from '../score/open-table.ts';
import { isMatrix, readMatrix } from '../score/score-matrix.ts';
import { type SlicesOptions, scoreSlices } from '../score/score-slices.ts';
import { checkNames, checkTarget } from '../score/write-scores.ts';
import { table } from '../table.ts';
import { requireModelName } from '../workspace.ts';

/** What to score and with what. Paths are relative to where the command runs. */
export interface ScoreOptions {
  readonly file: string;
  /** Null: `<file>.scored` with the ending of the file, beside it. */
  readonly out: string | null;
  /** Null: the champion. */
  readonly version: number | null;
  /** For requests: nothing that became known later counts; null: the cut-off of each row alone. */
  readonly atUs: InstantUs | null;
  /** Requests whose features are joined at once. Default 2,000,000. */
  readonly sliceRows?: number;
}

const requestsAtOnce = 2_000_000;

/** The version asked for, else the committed champion, else the registry's. */
async function bundleOf(context: Context, model: string, version: number | null): Promise<ChampionBundle> {
  const found = await championBundle(context, model, version);
  return found ?? createRegistry(context.stateUrl, context.workspace.root).openBundle(model, 'champion');
}

function beside(path: string): string {
  const ending = extname(path);
  return join(dirname(path), `${basename(path, ending)}.scored${ending}`);
}

/** Throws InputError where the service would answer some rows by other levels: a batch has the model alone. */
function requirePolicies({ model, serving }: ModelContract): void {
  const action = 'ask the service about these rows, or release a version with such a policy';
  const refuse = (policy: 'outliers' | 'unknowns', allowed: string) =>
    new InputError({ path: `${model}.serving.${policy}`, received: serving[policy], allowed, action });
  if (serving.outliers !== 'flag') throw refuse('outliers', 'flag');
  if (serving.unknowns === 'fallback') throw refuse('unknowns', 'flag, reject');
}

/** What reads rows as the model sees them, and how many at once, once everything fits that can be told before one is answered. */
async function openReader(
  context: Context,
  database: Database,
  contract: ModelContract,
  file: ScoreTable,
  { atUs, sliceRows = requestsAtOnce }: ScoreOptions,
): Promise<Pick<SlicesOptions, 'read' | 'sliceRows'>> {
  requirePolicies(contract);
  checkNames(file.columns.keys(), contract);
  if (!isMatrix(contract, file)) return { read: await openRequests(context, database, contract, atUs), sliceRows };
  // Nothing of a matrix is held but its answers.
  if (atUs === null) return { read: async (slice) => readMatrix(contract, slice), sliceRows: file.rows };
  const [received, allowed] = ['a file with the features ready', 'a file of requests'];
  throw new InputError({ path: '--at', received, allowed, action: 'leave --at out' });
}

/** A run that fails is no defect of this program. */
function explain(error: unknown): unknown {
  if (!(error instanceof ServiceError)) return error;
  return new StageFailure(
    `The model failed: ${error.message}${error.cause instanceof Error ? ` (${error.cause.message})` : ''}`,
  );
}

async function withScorer(bundle: ChampionBundle, work: (scorer: BatchScorer) => Promise<void>): Promise<void> {
  const scorer = await openBatchScorer(bundle);
  try {
    await work(scorer);
  } catch (error) {
    throw explain(error);
  } finally {
    await scorer.close();
  }
}

/**
 * `causeway score <model> <file>`: answers every row of a table as the service would, and writes the table with the answers. May run at any time, as
 * it changes nothing else. Throws InputError for a file, a column or a version that does not fit, StageFailure where the model fails.
 */
export async function scoreVerb(context: Context, model: string, options: ScoreOptions): Promise<Outcome> {
  await requireModelName(context.workspace, model);
  const path = resolve(context.workingDir, options.file);
  const out = options.out === null ? beside(path) : resolve(context.workingDir, options.out);
  checkTarget(out, path);
  const bundle = await bundleOf(context, model, options.version);
  const database = await openDatabase(largeTables);
  try {
    const contract = bundleJson(bundle.contents, 'contract.json', modelContractSchema);
    const file = await openTable(database, path);
    const { progress } = context;
    const counts = await readingTable(path, async () => {
      const reader = await openReader(context, database, contract, file, options);
      await withScorer(bundle, (scorer) =>
        scoreSlices(database, {
          ...{ out, table: file, scorer, ...reader, bundle: { contract, ...bundle } },
          onStep: (step, total) => progress.start(step, total),
          onAnswered: (rows) => progress.update(rows),
        }),
      );
      return countAnswers(database, out, contract.output.name);
    });
    const text = `${model} ${bundle.version}: ${counts.answered} of ${counts.rows} rows answered, in ${out}`;
    const reasons = Object.entries(counts.reasons);
    return {
      exitCode: 0,
      json: { model, version: bundle.version, digest: bundle.digest, out, ...counts },
      text: reasons.length === 0 ? text : `${text}\n${table(['reason', 'rows'], reasons)}`,
    };
  } finally {
    database.close();
  }
}
