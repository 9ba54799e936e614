import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { InputError, show } from '@repo/contract/input-error';
import { entityKey, type Found, type OnlineStore, type StoredRow, type StoredView } from './online-store.ts';
import { makeFolder } from './sqlite-store-folder.ts';

const schema = `
  CREATE TABLE IF NOT EXISTS moments (view TEXT PRIMARY KEY, at_us INTEGER NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS entities (
    view TEXT NOT NULL, entity TEXT NOT NULL, event_us INTEGER, feature_values TEXT NOT NULL, PRIMARY KEY (view, entity)
  ) STRICT, WITHOUT ROWID`;

const find = `
  SELECT m.at_us, e.event_us, e.feature_values FROM json_each(?) k
  LEFT JOIN moments m ON m.view = k.value ->> 0
  LEFT JOIN entities e ON e.view = k.value ->> 0 AND e.entity = k.value ->> 1
  ORDER BY k.key`;

function open(path: string, readOnly: boolean): DatabaseSync {
  let db: DatabaseSync | undefined;
  try {
    if (!readOnly) makeFolder(dirname(path));
    db = new DatabaseSync(path, { readOnly, timeout: 5000 });
    if (!readOnly) db.exec(`PRAGMA journal_mode = WAL; ${schema}`);
    db.prepare(find);
    return db;
  } catch (error) {
    db?.close();
    throw new InputError({
      path: 'online store',
      received: `${show(path)} (${(error as Error).message})`,
      allowed: readOnly ? 'the file of an online store' : 'a file that can be written',
      action: readOnly ? 'run causeway materialize first, or correct the path' : 'correct the path or its permissions',
    });
  }
}

/** Values are a JSON array; those of a row that was refreshed by itself stand in an object, with its moment. */
const rowMoment = `CASE WHEN json_type(feature_values) = 'object' THEN feature_values ->> 'at' END`;

function storedRow(eventUs: unknown, text: unknown): StoredRow | null {
  if (typeof text !== 'string') return null;
  const content = JSON.parse(text) as StoredRow['values'] | { at: number; values: StoredRow['values'] };
  const row = { eventUs: eventUs as number | null };
  return 'values' in content && !Array.isArray(content)
    ? { ...row, values: content.values as StoredRow['values'], atUs: (content as { at: number }).at }
    : { ...row, values: content as StoredRow['values'] };
}

function refreshRows(db: DatabaseSync, views: readonly StoredView[]): number {
  const moment = db.prepare('SELECT at_us FROM moments WHERE view = ?');
  const write = db.prepare(`INSERT INTO entities (view, entity, event_us, feature_values) VALUES (?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET event_us = excluded.event_us, feature_values = excluded.feature_values
    WHERE coalesce(${rowMoment.replaceAll('feature_values', 'entities.feature_values')}, ?) <= ?`);
  let written = 0;
  for (const { view, atUs, entities } of views) {
    const held = moment.get(view)?.at_us;
    if (typeof held !== 'number' || held > atUs) continue;
    for (const { entity, row } of entities) {
      const text = JSON.stringify({ at: atUs, values: row.values });
      written += Number(write.run(view, entityKey(entity), row.eventUs, text, held, atUs).changes);
    }
  }
  return written;
}

function replaceViews(db: DatabaseSync, views: readonly StoredView[]): string[] {
  const moment = db.prepare('SELECT at_us FROM moments WHERE view = ?');
  const stamp = db.prepare('INSERT OR REPLACE INTO moments (view, at_us) VALUES (?, ?)');
  const clear = db.prepare(`DELETE FROM entities WHERE view = ? AND coalesce(${rowMoment}, ?) <= ?`);
  const kept = db.prepare('SELECT entity FROM entities WHERE view = ?');
  const insert = db.prepare('INSERT INTO entities (view, entity, event_us, feature_values) VALUES (?, ?, ?, ?)');
  const written: string[] = [];
  for (const { view, atUs, entities } of views) {
    const held = moment.get(view)?.at_us;
    if (typeof held === 'number' && held > atUs) continue;
    clear.run(view, atUs, atUs);
    const later = new Set(kept.all(view).map(({ entity }) => entity));
    for (const { entity, row } of entities) {
      if (!later.has(entityKey(entity))) insert.run(view, entityKey(entity), row.eventUs, JSON.stringify(row.values));
    }
    stamp.run(view, atUs);
    written.push(view);
  }
  return written;
}

/**
 * Opens the online store of one machine: an SQLite file in WAL mode, so that services read while a materialization writes. Made where
 * absent, its folder too, unless `readOnly`. A writer waits up to 5 s for another. Throws InputError where the file cannot be opened,
 * cannot be written or is no store.
 */
export function openSqliteStore(path: string, options: { readOnly?: boolean } = {}): OnlineStore {
  const db = open(path, options.readOnly ?? false);
  const read = db.prepare(find);
  const readMoment = db.prepare('SELECT at_us FROM moments WHERE view = ?');
  const atOnce = <T>(write: () => T): T => {
    db.exec('BEGIN IMMEDIATE');
    try {
      const written = write();
      db.exec('COMMIT');
      return written;
    } catch (error) {
      db.exec('ROLLBACK');
      throw error;
    }
  };
  return {
    get: async (keys) => {
      const wanted = JSON.stringify(keys.map(({ view, entity }) => [view, entityKey(entity)]));
      return read.all(wanted).map((found): Found => {
        return { atUs: found.at_us as number | null, row: storedRow(found.event_us, found.feature_values) };
      });
    },
    put: async (views) => atOnce(() => replaceViews(db, views)),
    refresh: async (views) => atOnce(() => refreshRows(db, views)),
    materializedAt: async (view) => (readMoment.get(view)?.at_us as number | undefined) ?? null,
    close: () => {
      if (db.isOpen) db.close();
    },
  };
}
