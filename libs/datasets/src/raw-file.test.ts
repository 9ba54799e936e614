import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { InputError, type Problem } from '@repo/contract/input-error';
import { defineSource } from '@repo/contract/source';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { openDatabase } from './database.ts';
import { openRawTables } from './raw-tables.ts';

const folder = mkdtempSync(join(tmpdir(), 'raw-file-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Reads a raw file as the table of a source that declares it. */
async function read(name: string, content: string | Uint8Array) {
  const path = join(folder, name);
  writeFileSync(path, content);
  const source = defineSource({
    name: 'notes',
    about: 'Notes',
    owner: 'tests',
    licence: 'CC0-1.0',
    key: ['note'],
    eventTime: null,
    columns: { note: { type: 'text', about: 'Note' } },
    raw: { notes: pathToFileURL(path) },
    sql: 'SELECT note FROM notes',
    rules: [],
  });
  const database = await openDatabase();
  onTestFinished(() => database.close());
  await openRawTables(database, source, {});
  return database.rows('FROM notes');
}

const looks = ['12:30', '1.50', 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11', '2013-01-01', 'null', '{"a":1}', ' x '];

test.each(looks.map((note) => [note]))('JSON lines keep the text %j as it was written', async (note) => {
  expect(await read('looks.jsonl', `${JSON.stringify({ note })}\n`)).toEqual([{ note }]);
});

test('JSON lines are text like CSV, whatever their neighbours are, and what a line lacks is null', async () => {
  const lines = [{ note: 1 }, { note: 1.5, more: true }, { note: null }, {}].map((line) => JSON.stringify(line));
  const expected = [
    { note: '1', more: null },
    { note: '1.5', more: 'true' },
    { note: null, more: null },
    { note: null, more: null },
  ];
  expect(await read('mixed.jsonl', lines.join('\n'))).toEqual(expected);
});

const csv = 'note,more\nx,1\n"café ""au lait""",2\n';

test('CSV has its header in the first line and no remarks', async () => {
  expect(await read('whole.csv', `${csv}#y,3\n`)).toEqual([
    { note: 'x', more: '1' },
    { note: 'café "au lait"', more: '2' },
    { note: '#y', more: '3' },
  ]);
});

test.each([
  ['a line before the header', `exported in 2013\n${csv}`],
  ['a remark', csv.replace('\nx', '\n# from here on by hand\nx')],
  ['a field too many', csv.replace('x,1', 'x,1,')],
  ['bytes that are no UTF-8', Buffer.from(csv, 'latin1')],
])('CSV with %s is refused, and no line of it is passed over', async (_, content) => {
  const error = await read('odd.csv', content).catch((reason) => reason);
  expect(error).toBeInstanceOf(InputError);
  const [problem] = (error as InputError).problems as [Problem];
  expect(problem).toMatchObject({ path: 'notes.raw.notes', action: 'fetch the file again, or mend it' });
  expect(problem.allowed).toMatch(/as many fields in every row as in its header/);
  expect(problem.received).toMatch(/odd\.csv.*(CSV parsing dialect|unicode)/);
  expect(problem.received).not.toMatch(/\n|Possible|SELECT/);
});
