import { defineSource } from '@repo/contract/source';
import { sqlTable } from '@repo/contract/sql-table';
import { expect, test } from 'vitest';
import { databasePort, databaseVariables } from './database-variables.ts';

const source = (name: string, from: string) =>
  defineSource({
    ...{
      name,
      about: 'x',
      owner: 'tests',
      licence: 'CC0-1.0',
      key: ['id'],
      eventTime: null,
      sql: 'SELECT 1',
      rules: [],
    },
    columns: { id: { type: 'text', about: 'x' } },
    raw: { file: new URL('file:///x.csv'), table: sqlTable({ database: 'postgres', from, table: 'x' }) },
  });

test('variables are those of the tables that lie in databases, each once', () => {
  expect(databaseVariables([source('b', 'B_DATABASE'), source('a', 'A_DATABASE'), source('c', 'A_DATABASE')])).toEqual([
    'A_DATABASE',
    'B_DATABASE',
  ]);
});

test.each([
  ['postgres://me:se:cret@host:5433/shop', 5433],
  ['postgresql://host/shop', 5432],
  ['postgres://me:5555@host/shop?sslmode=require', 5432],
  ['host=db port=5434 user=me', 5434],
  ['host=db dbname=shop', 5432],
  ['/data/shop.sqlite', null],
])('the port of %s is %j', (connection, port) => {
  expect(databasePort(connection)).toBe(port);
});
