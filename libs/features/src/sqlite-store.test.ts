import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { InputError } from '@repo/contract/input-error';
import { afterAll, expect, test } from 'vitest';
import type { StoredView } from './online-store.ts';
import { openSqliteStore } from './sqlite-store.ts';

const folder = mkdtempSync(join(tmpdir(), 'causeway-store-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = (name: string) => join(folder, name, 'online.sqlite');

const view = (name: string, atUs: number, values: (number | null)[]): StoredView => ({
  view: name,
  atUs,
  entities: values.map((value, i) => ({ entity: ['e', i], row: { eventUs: atUs - 1, values: [value] } })),
});

test('a read-only reader sees what another connection writes while both are open, and after a reopen', async () => {
  const writer = openSqliteStore(path('share'));
  const reader = openSqliteStore(path('share'), { readOnly: true });
  await writer.put([view('a@1', 10, [1])]);
  expect(await reader.materializedAt('a@1')).toBe(10);
  reader.close();
  writer.close();
  writer.close();
  const later = openSqliteStore(path('share'), { readOnly: true });
  expect(await later.materializedAt('a@1')).toBe(10);
  await expect(later.put([view('a@1', 20, [1])])).rejects.toThrow(/readonly/);
  later.close();
});

test('a folder that cannot be made, an absent file and a file of another kind are refused as input', () => {
  writeFileSync(join(folder, 'file'), 'no database, but long enough to be looked at as one, page by page');
  expect(() => openSqliteStore(join(folder, 'file', 'online.sqlite'))).toThrow(InputError);
  expect(() => openSqliteStore(join(folder, 'file', 'online.sqlite'))).toThrow(/correct the path or its permissions/);
  expect(() => openSqliteStore(join(folder, 'file'))).toThrow(/online store: .*not a database/);
  expect(() => openSqliteStore(join(folder, 'absent.sqlite'), { readOnly: true })).toThrow(/run causeway materialize/);
});

test('an SQLite file with other tables of the same names is refused as input and left as it was', () => {
  const other = new DatabaseSync(join(folder, 'other.sqlite'));
  other.exec("CREATE TABLE moments (photo TEXT); INSERT INTO moments VALUES ('beach')");
  expect(() => openSqliteStore(join(folder, 'other.sqlite'))).toThrow(InputError);
  expect(() => openSqliteStore(join(folder, 'other.sqlite'))).toThrow(/online store: .*no such column/);
  expect(other.prepare('SELECT * FROM moments').all()).toMatchObject([{ photo: 'beach' }]);
  other.close();
});
