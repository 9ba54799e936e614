import { InputError, show } from '@repo/contract/input-error';
import type { Model } from '@repo/contract/model';
import type { Database } from '@repo/datasets/database';
import { identifier } from '@repo/datasets/sql-text';
import { columnsOf } from './columns-of.ts';
import { columnText, hashOf, keyColumns, keyOf } from './request-key.ts';

export interface LabelsOptions {
  readonly model: Model;
  /** Columns besides the label that are wanted. */
  readonly columns: readonly string[];
  /** SQL of the labels: the events of the model, or a file with `request_id` or the columns of a request, the label, and maybe `observed_at`. */
  readonly relation: string;
  /** What the relation is called in errors. */
  readonly path: string;
  /** What was observed later is not known yet. */
  readonly atUs: number;
}

/** By what a row of labels finds its answer: the request id, the columns of the request, or both where the relation has both. */
export type JoinBy = 'id' | 'key' | 'both';

/** SQL of the number that labels and answers are joined by, from the request id as a text and the key of the request's columns. */
export const joinKeys: Readonly<Record<JoinBy, (id: string, key: string) => string>> = {
  id: (id) => hashOf(id),
  key: (_, key) => key,
  both: (id, key) => hashOf(`${id} || chr(31) || CAST(${key} AS VARCHAR)`),
};

/** The lake's own column is no name that a source may have, so that `identifier` refuses it. */
const quoteName = (name: string): string => (name === '_observed_at' ? '"_observed_at"' : identifier(name));

function refuse(path: string, received: string, allowed: string, action: string): never {
  throw new InputError({ path, received, allowed, action });
}

type Columns = ReadonlyMap<string, string>;

/** How the rows find their answers. Throws InputError where a column is missing. */
function joinOf({ model, columns, path }: LabelsOptions, has: Columns): JoinBy {
  const wanted = [model.label.column, ...columns];
  const hasId = has.has('request_id');
  const hasKeys = keyColumns(model).every((name) => has.has(name));
  const missing = [...(hasId ? [] : keyColumns(model)), ...wanted].filter((name) => !has.has(name));
  if (missing.length === 0) return hasId ? (hasKeys ? 'both' : 'id') : 'key';
  const allowed = `request_id or ${keyColumns(model).join(', ')}; and ${wanted.join(', ')}`;
  return refuse(path, `no column ${missing.join(', ')}`, allowed, 'add the columns');
}

/** SQL of a column as a number, a yes being 1; null for what is none. */
function numberOf(name: string, has: Columns): string {
  if (has.get(name) === 'BOOLEAN') return `CAST(CAST(${identifier(name)} AS TINYINT) AS DOUBLE)`;
  const text = `CAST(${identifier(name)} AS VARCHAR)`;
  return `coalesce(TRY_CAST(${text} AS DOUBLE), CAST(TRY_CAST(${text} AS BOOLEAN) AS DOUBLE))`;
}

/**
 * Throws InputError for a value that is no number, and for the label of a classification that is neither yes nor no: it would be counted as known,
 * and as a yes to nobody.
 */
async function checkNumbers(
  database: Database,
  { model, relation, path }: LabelsOptions,
  names: string[],
  has: Columns,
) {
  for (const name of names.filter((one) => has.get(one) !== 'BOOLEAN')) {
    const [column, value] = [identifier(name), numberOf(name, has)];
    const isClass = name === model.label.column && model.task === 'binary';
    const fits = isClass ? `${value} IN (0, 1)` : `isfinite(${value})`;
    const [odd] = await database.rows(
      `SELECT CAST(${column} AS VARCHAR) AS text FROM ${relation} WHERE ${column} IS NOT NULL AND NOT coalesce(${fits}, false) LIMIT 1`,
    );
    if (odd === undefined) continue;
    const allowed = isClass ? '0, 1, true, false, or nothing' : 'numbers, true, false, or nothing';
    refuse(path, `${show(String(odd.text))} in column ${name}`, allowed, 'correct the column');
  }
}

/** SQL of the instant at which a row's label was observed, and whether rows have one at all. */
function observedSql({ model }: LabelsOptions, has: Columns): { sql: string; timed: boolean } {
  const known = model.events.columns[model.label.column]?.knownAt;
  const names = ['_observed_at', 'observed_at', ...(known === undefined ? [] : [known])].filter((name) =>
    has.has(name),
  );
  if (names.length === 0) return { sql: 'CAST(NULL AS BIGINT)', timed: false };
  // Null in one of them: not observed, which greatest() would pass over. Only in a lake it means since ever: the declared files.
  const instants = names.map((name) => {
    const instant = `epoch_us(TRY_CAST(${quoteName(name)} AS TIMESTAMPTZ))`;
    return name === '_observed_at' ? `coalesce(${instant}, 0)` : instant;
  });
  const sql = instants.reduce(
    (a, b) => `CASE WHEN ${a} IS NULL OR ${b} IS NULL THEN NULL ELSE greatest(${a}, ${b}) END`,
  );
  return { sql, timed: true };
}

/** SQL of what tells events with the same request columns apart; one text for all where the relation cannot. */
function eventSql({ model }: LabelsOptions, by: JoinBy, has: Columns): string {
  const names = model.events.key;
  if (by !== 'key' || names.some((name) => !has.has(name))) return "''";
  return `concat_ws(chr(31), ${names.map((name) => `CAST(${identifier(name)} AS VARCHAR)`).join(', ')})`;
}

/**
 * Makes the table `labels` of what was known at `atUs`: for each event its `key` (or that of its request's id), how many different events or
 * answers share it (`found`: more than one is ambiguous), how many different things were observed of it (`observations`), when last
 * (`observed_us`, null where the relation has no times) and when there first was a label (`first_us`), and label and columns as numbers (`value_0`
 * and on), a yes being 1. Of several observations of an event the newest holds, whatever order they come in; one that only says the same again is
 * none. Returns what to join `answers` by. Throws InputError for a relation that does not fit.
 */
export async function openLabels(database: Database, options: LabelsOptions): Promise<JoinBy> {
  const { model, columns, relation, atUs } = options;
  const has = await columnsOf(database, relation);
  const by = joinOf(options, has);
  const names = [model.label.column, ...columns];
  await checkNumbers(database, options, names, has);
  const key = joinKeys[by]('CAST(request_id AS VARCHAR)', keyOf(model, columnText));
  const observed = observedSql(options, has);
  const values = names.map((name, i) => `${numberOf(name, has)} AS value_${i}`);
  const list = names.map((_, i) => `value_${i}`);
  const row = `struct_pack(${list.map((name) => `${name} := ${name}`).join(', ')})`;
  await database.run(`CREATE TABLE labels AS
    WITH observations AS (
      SELECT ${key} AS key, ${eventSql(options, by, has)} AS event, ${observed.sql} AS observed_us, ${values.join(', ')} FROM ${relation}
    ), moments AS (
      SELECT key, event, observed_us, min(${row}) AS low, max(${row}) AS high FROM observations
      WHERE key IS NOT NULL ${observed.timed ? `AND observed_us <= ${atUs}` : ''} GROUP BY key, event, observed_us
    ), events AS (
      SELECT key, event, count(DISTINCT struct_pack(low := low, high := high)) AS observations, max(observed_us) AS observed_us,
        min(observed_us) FILTER (low.value_0 IS NOT NULL) AS first_us,
        arg_max(struct_pack(low := low, high := high), coalesce(observed_us, 0)) AS newest
      FROM moments GROUP BY key, event
    )
    SELECT key, sum(CASE WHEN newest.low IS DISTINCT FROM newest.high THEN 2 ELSE 1 END) AS found, sum(observations) AS observations,
      max(observed_us) AS observed_us, min(first_us) AS first_us, ${list.map((name) => `any_value(newest.low.${name}) AS ${name}`).join(', ')}
    FROM events GROUP BY key`);
  return by;
}
