import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '@repo/contract/input-error';
import { formatInstant, type InstantUs } from '@repo/contract/instant';
import type { Model } from '@repo/contract/model';
import type { ModelContract } from '@repo/contract/model-contract';
import { createRequestParser } from '@repo/contract/prediction-request';
import type { View } from '@repo/contract/view';
import type { Database, Row } from '@repo/datasets/database';
import { identifier } from '@repo/datasets/sql-text';
import { lookUp } from '@repo/features/look-up';
import { materialize } from '@repo/features/materialize';
import type { EntityValues, OnlineStore } from '@repo/features/online-store';
import { openSqliteStore } from '@repo/features/sqlite-store';
import type { ServedRow } from '@repo/gates/evidence';

/** What rows are served from. */
export interface ServedRowsOptions {
  database: Database;
  model: Model;
  contract: ModelContract;
  views: readonly View[];
  /** Relation of each source, by its name. */
  relations: Readonly<Record<string, string>>;
}

/** An event as somebody would ask for it. */
interface Asked {
  id: string;
  atUs: InstantUs;
  body: Record<string, unknown>;
}

function bodyOf({ contract }: ServedRowsOptions, row: Row): Record<string, unknown> {
  const fields = contract.request.flatMap(({ name, type }) => {
    const value = row[name];
    if (value === null || value === undefined) return [];
    const plain = typeof value === 'bigint' ? Number(value) : value;
    return [[name, type === 'instant' ? formatInstant(plain as InstantUs) : plain] as const];
  });
  return Object.fromEntries(fields);
}

/** The events of that name with what a request for each would hold, by the moment for which it is asked. */
async function askedByMoment(options: ServedRowsOptions, ids: readonly string[]): Promise<[InstantUs, Asked[]][]> {
  const { database, model, contract, relations } = options;
  const { key, columns, name: source } = model.events;
  const own = contract.request.filter(({ name }) => columns[name] !== undefined);
  const names = [...new Set([contract.cutoff.column, ...own.map(({ name }) => name)])];
  const read = names.map((name) => {
    const column = identifier(name);
    return columns[name]?.type === 'instant' ? `epoch_us(${column}) AS ${column}` : column;
  });
  const id = `concat_ws('|', ${key.map((name) => `CAST(${identifier(name)} AS VARCHAR)`).join(', ')})`;
  const rows = await database.rows(
    `SELECT ${id} AS row_id, ${read.join(', ')} FROM ${identifier(relations[source] as string)}
    WHERE ${id} IN (SELECT unnest($1))`,
    [ids],
  );
  const asked = rows.flatMap((row): Asked[] => {
    const at = row[contract.cutoff.column];
    if (typeof at !== 'bigint') return [];
    return [{ id: String(row.row_id), atUs: Number(at) - contract.cutoff.leadUs, body: bodyOf(options, row) }];
  });
  return [...Map.groupBy(asked, ({ atUs }) => atUs)].sort(([a], [b]) => a - b);
}

/** The entities that requests ask for, by view: filling the store with all the others would take three times as long. */
function entitiesOf({ views }: ServedRowsOptions, asked: readonly Asked[]): Record<string, EntityValues[]> {
  const each = views.map(({ spec }): [string, EntityValues[]] => {
    const keys = spec.kind === 'request' ? [] : spec.entity;
    const all = asked.map(({ body }) => keys.map((name) => body[name] as string | number));
    const whole = all.filter((values) => !values.includes(undefined as never));
    return [spec.name, [...new Map(whole.map((values) => [JSON.stringify(values), values])).values()]];
  });
  return Object.fromEntries(each);
}

const copyOf = (source: string): string => `served_${source.replaceAll('-', '_')}`;

/** Copies the sources that views read into memory, where fifty moments are read in half the time, and names the copies. */
async function copySources({ database, views, relations }: ServedRowsOptions): Promise<Record<string, string>> {
  const copies: Record<string, string> = {};
  for (const name of new Set(views.map(({ source }) => source.name))) {
    const copy = copyOf(name);
    await database.run(
      `CREATE OR REPLACE TEMP TABLE ${identifier(copy)} AS FROM ${identifier(relations[name] as string)}`,
    );
    copies[name] = copy;
  }
  return copies;
}

/** What a request that is refused would be refused for is no matter here. */
async function unlessRefused<T>(work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof InputError) return null;
    throw error;
  }
}

async function fill(options: ServedRowsOptions, store: OnlineStore, ids: readonly string[]) {
  const { database, contract, views } = options;
  const relations = await copySources(options);
  const moments = await askedByMoment(options, ids);
  const parse = createRequestParser(contract);
  const found = new Map<string, Float32Array>();
  for (const [atUs, asked] of moments) {
    const entities = entitiesOf(options, asked);
    const filled = await unlessRefused(() => materialize(database, { views, relations, atUs, store, entities }));
    for (const { id, body } of filled === null ? [] : asked) {
      const answer = await unlessRefused(async () => lookUp(contract, parse(body), store));
      if (answer !== null)
        found.set(
          id,
          Float32Array.from(answer.features, ({ code }) => code),
        );
    }
  }
  return found;
}

/**
 * Features of events, by row id, on the road that a request takes: an online store of its own is filled for the cut-off of each, the events
 * become requests, and these are looked up with the contract. Null for an event that is unknown or refused. A moment costs some 0.1 s on
 * the flights.
 */
export async function servedRows(options: ServedRowsOptions, ids: readonly string[]): Promise<ServedRow[]> {
  const folder = await mkdtemp(join(tmpdir(), 'served-'));
  const store = openSqliteStore(join(folder, 'online.sqlite'));
  try {
    const found = await fill(options, store, ids);
    return ids.map((id) => found.get(id) ?? null);
  } finally {
    store.close();
    for (const { source } of options.views)
      await options.database.run(`DROP TABLE IF EXISTS ${identifier(copyOf(source.name))}`);
    await rm(folder, { recursive: true, force: true });
  }
}
