import { InputError } from '@repo/contract/input-error';
import type { InstantUs } from '@repo/contract/instant';
import type { ModelContract } from '@repo/contract/model-contract';
import type { View } from '@repo/contract/view';
import type { Database } from '@repo/datasets/database';
import { identifier, quoteText } from '@repo/datasets/sql-text';
import { joinFeatures } from '@repo/features/join-features';
import { codeOrNan, placeSql, reasonSql, statusCode } from './feature-code.ts';
import type { ScoreTable } from './open-table.ts';
import { columnProblems, readColumn } from './request-column.ts';
import type { Scorable, ScorableFeature } from './scorable.ts';

/** What requests are answered from. */
export interface RequestData {
  readonly views: readonly View[];
  /** Relation of each source, by its name. */
  readonly relations: Readonly<Record<string, string>>;
  /** Nothing that became known later counts; null: the cut-off of each row alone. */
  readonly atUs: InstantUs | null;
  readonly onProgress: (done: number, total: number, step: string) => void;
}

const [requests, joined] = ['score_requests', 'score_joined'];
// No column of a contract begins with an underscore.
const [moment, refused, nothing] = ['_moment', '_refused', '_nothing'];

function requestsSql(contract: ModelContract, table: ScoreTable, atUs: InstantUs | null): string {
  const { request, cutoff, dataBeginsUs } = contract;
  const fields = request.map((field) => ({ ...field, ...readColumn(field, table) }));
  const read = fields.map(({ name, value }) => `${value} AS ${identifier(name)}`);
  const invalid = fields.map(({ name, invalid }) => `WHEN ${invalid} THEN ${quoteText(`invalid_request:${name}`)}`);
  const known = `epoch_us(${identifier(cutoff.column)}) - ${cutoff.leadUs}`;
  const at = atUs === null ? known : `least(${known}, ${atUs})`;
  return `SELECT *, make_timestamptz(${at}) AS ${moment}, NULL::DOUBLE AS ${nothing},
      coalesce(problem, CASE WHEN ${at} < ${dataBeginsUs} THEN 'cutoff_before_data' END) AS ${refused}
    FROM (SELECT ${read.join(', ')}, CASE ${invalid.join(' ')} END AS problem FROM ${table.from})`;
}

/** Why a row is refused whose categories the model does not know, where its definition says so. */
function unknownSql({ serving, features }: ModelContract): string[] {
  if (serving.unknowns !== 'reject') return [];
  return features
    .filter(({ categories }) => categories !== null)
    .map((feature) => {
      const value = `j.${identifier(feature.name)}`;
      return `CASE WHEN ${value} IS NOT NULL AND ${placeSql(feature, value)} IS NULL THEN ${quoteText(`rejected_input:${feature.name}`)} END`;
    });
}

/** A joined feature; a category that is there and has no code is unknown. */
function readFeature(feature: ModelContract['features'][number]): ScorableFeature {
  const { name, categories } = feature;
  const [value, status] = [`j.${identifier(name)}`, `j.${identifier(`${name}__status`)}`];
  const code = categories === null ? value : placeSql(feature, value);
  const unknown =
    categories === null
      ? ''
      : `WHEN ${statusCode('ok')} THEN CASE WHEN ${code} IS NULL THEN ${reasonSql('unknown_category', name)} END`;
  const reason = `CASE ${status} WHEN ${statusCode('missing')} THEN ${reasonSql('missing', name)}
    WHEN ${statusCode('stale')} THEN ${reasonSql('stale', name)} ${unknown} END`;
  return { name, code: codeOrNan(code), reason };
}

/**
 * Reads a table that has the fields of a request in columns of their names, and joins the features of each row as they were known at its
 * cut-off. A row that the service would answer with an error is refused. Throws InputError for a column that is missing or of another type.
 */
export async function readRequests(
  database: Database,
  contract: ModelContract,
  table: ScoreTable,
  { views, relations, atUs, onProgress }: RequestData,
): Promise<Scorable> {
  const problems = contract.request.flatMap((field) => columnProblems(field, table));
  if (problems.length > 0) throw new InputError(problems);
  await database.run(`CREATE OR REPLACE TEMP TABLE ${requests} AS ${requestsSql(contract, table, atUs)}`);
  await joinFeatures(database, {
    events: requests,
    rowId: [moment],
    time: moment,
    label: nothing,
    cutoff: { column: moment, leadUs: 0 },
    views,
    relations,
    into: joined,
    onProgress,
  });
  return {
    from: `${table.from} t POSITIONAL JOIN ${requests} q POSITIONAL JOIN ${joined} j`,
    features: contract.features.map(readFeature),
    refused: `coalesce(${[`q.${refused}`, ...unknownSql(contract)].join(', ')})`,
    columns: { features_as_of: `q.${moment}` },
  };
}
