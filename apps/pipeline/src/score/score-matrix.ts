import { InputError, type Problem } from '@repo/contract/input-error';
import type { ModelContract } from '@repo/contract/model-contract';
import { identifier, quoteText } from '@repo/datasets/sql-text';
import { codeOrNan, placeSql, reasonSql, statusCode } from './feature-code.ts';
import type { ScoreTable } from './open-table.ts';
import type { Scorable, ScorableFeature } from './scorable.ts';

type Feature = ModelContract['features'][number];

const isNumeric = (type: string): boolean =>
  /^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL\(.+\)|BOOLEAN)$/.test(type);
const isName = (type: string): boolean => type === 'VARCHAR' || type.startsWith('ENUM(');

/** Whether a table has a column for each feature, and thus is a matrix. */
export const isMatrix = ({ features }: ModelContract, { columns }: ScoreTable): boolean =>
  features.every(({ name }) => columns.has(name));

function typeProblem({ name, categories }: Feature, { columns, isText }: ScoreTable): Problem[] {
  const type = columns.get(name) as string;
  if (isNumeric(type) || (isName(type) && (isText || categories !== null))) return [];
  const allowed = categories === null ? 'numbers' : 'names of categories as text, or their codes as numbers';
  return [{ path: `column ${name}`, received: type, allowed, action: 'write the column in such a type' }];
}

/** A number as it stands, or read from text; null for none. */
const numberSql = (type: string, column: string): string =>
  isNumeric(type) ? column : `TRY_CAST(${column} AS DOUBLE)`;

/** A code is a whole number that the contract has a category for. */
function codeSql({ categories }: Feature, column: string): string {
  const [code, count] = [`CAST(${column} AS DOUBLE)`, categories?.length ?? 0];
  return `CASE WHEN ${code} >= 0 AND ${code} < ${count} AND ${code} = floor(${code}) THEN ${code} END`;
}

/** SQL of whether a column has a value; a number that is none counts as none. Null is no. */
function isThereSql(type: string, value: string): string {
  return type === 'FLOAT' || type === 'DOUBLE' || type === 'VARCHAR' ? `NOT isnan(${value})` : `${value} IS NOT NULL`;
}

function readFeature(feature: Feature, { columns }: ScoreTable): ScorableFeature {
  const { name, categories } = feature;
  const [type, column, status] = [columns.get(name) as string, `t.${identifier(name)}`, `${name}__status`];
  const isCode = categories !== null && isNumeric(type);
  const byName = categories !== null && !isCode;
  const value = byName ? column : numberSql(type, column);
  const code = byName ? placeSql(feature, `CAST(${value} AS VARCHAR)`) : isCode ? codeSql(feature, value) : value;
  const isThere = byName ? `${value} IS NOT NULL` : isThereSql(type, value);
  const known =
    categories === null ? 'NULL' : `CASE WHEN ${code} IS NULL THEN ${reasonSql('unknown_category', name)} END`;
  const stale = isNumeric(columns.get(status) ?? '')
    ? `WHEN t.${identifier(status)} = ${statusCode('stale')} THEN ${reasonSql('stale', name)}`
    : '';
  const reason = `CASE WHEN ${isThere} THEN ${known} ${stale} ELSE ${reasonSql('missing', name)} END`;
  return { name, code: codeOrNan(code), reason };
}

/** Text where a number should stand: the row cannot be scored. */
function refusedSql({ features }: ModelContract, { columns }: ScoreTable): string {
  const cases = features
    .filter(({ name, categories }) => categories === null && !isNumeric(columns.get(name) as string))
    .map(({ name }) => {
      const column = `t.${identifier(name)}`;
      return `WHEN ${column} IS NOT NULL AND TRY_CAST(${column} AS DOUBLE) IS NULL THEN ${quoteText(`invalid_request:${name}`)}`;
    });
  return cases.length === 0 ? 'NULL' : `CASE ${cases.join(' ')} END`;
}

/**
 * Reads a table that has the features of the model in columns of their names, like the tables of the features stage: numbers, null or NaN for
 * missing; categories as names where the column is text, else as codes; `<feature>__status` where it has one. Throws InputError for a column of
 * another type.
 */
export function readMatrix(contract: ModelContract, table: ScoreTable): Scorable {
  const problems = contract.features.flatMap((feature) => typeProblem(feature, table));
  if (problems.length > 0) throw new InputError(problems);
  return {
    from: `${table.from} t`,
    features: contract.features.map((feature) => readFeature(feature, table)),
    refused: refusedSql(contract, table),
    columns: {},
  };
}
