import { expect, test } from 'vitest';
import { InputError } from './input-error.ts';
import { type SqlTableDefinition, sqlTable } from './sql-table.ts';

const declared = { database: 'postgres', from: 'FLIGHTS_DATABASE' } as const;

test.each<SqlTableDefinition>([
  { ...declared, table: 'flights' },
  { ...declared, table: 'public.flights' },
  { ...declared, table: 'Old System.Flüge 2013' },
  { ...declared, query: 'SELECT * FROM flights WHERE month = 1' },
  { database: 'sqlite', from: 'LEGACY', table: 'flights' },
])('%o is a table', (definition) => {
  expect(sqlTable(definition)).toEqual({ ...definition, kind: 'sqlTable' });
});

test.each<[object, string]>([
  [declared, 'sqlTable.table: received nothing; allowed: a table, or for postgres a query'],
  [
    { ...declared, table: 'a', query: 'SELECT 1' },
    'sqlTable.query: received a table and a query; allowed: one of the two',
  ],
  [{ ...declared, database: 'sqlite', query: 'SELECT 1' }, 'sqlTable.query: received a query of sqlite'],
  [
    { ...declared, database: 'oracle', table: 'a' },
    'sqlTable.database: received "oracle"; allowed: "sqlite", "postgres"',
  ],
  [
    { ...declared, from: 'postgres://me:secret@host/flights', table: 'a' },
    'allowed: the name of an environment variable',
  ],
  [{ ...declared, table: 'a.b.c' }, 'allowed: the name of a table, or <schema>.<table>'],
  [{ ...declared, table: 'a"; DROP TABLE b' }, 'allowed: the name of a table, or <schema>.<table>'],
  [{ ...declared, table: 'a\u0000' }, 'allowed: the name of a table, or <schema>.<table>'],
])('%o is refused', (definition, problem) => {
  const refused = () => sqlTable(definition as SqlTableDefinition);
  expect(refused).toThrow(InputError);
  expect(refused).toThrow(problem);
});
