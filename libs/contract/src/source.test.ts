import { expect, test } from 'vitest';
import { InputError } from './input-error.ts';
import type { Rule } from './rule.ts';
import { defineSource } from './source.ts';

function problems(rule: Rule): string[] {
  try {
    defineSource({
      name: 'trains',
      about: 'Trains of a made-up line',
      owner: 'tests',
      licence: 'CC0-1.0',
      key: ['id'],
      eventTime: 'starts_at',
      columns: {
        id: { type: 'text', about: 'Id' },
        starts_at: { type: 'instant', about: 'Start' },
        delay: { type: 'integer', about: 'Delay, minutes' },
        full: { type: 'boolean', about: 'Full' },
      },
      raw: { trains: new URL('file:///trains.parquet'), lines: new URL('file:///lines.csv') },
      sql: 'SELECT 1',
      rules: [rule],
    });
    return [];
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return (error as InputError).problems.map((p) => `${p.path}: ${p.received}; ${p.allowed}`);
  }
}

const range = { kind: 'hardRange', min: 0, max: 1 } as const;

test('a rule over columns that it can look at is accepted', () => {
  expect(problems({ ...range, column: 'delay' })).toEqual([]);
  expect(problems({ ...range, column: 'starts_at' })).toEqual([]);
  expect(problems({ kind: 'reference', column: 'id', to: { table: 'lines', column: 'code' } })).toEqual([]);
  expect(problems({ kind: 'unique', columns: ['id', 'full'] })).toEqual([]);
});

test.each<[Rule, string]>([
  [{ ...range, column: 'id' }, 'trains.rules[0].column: "id"; starts_at, delay'],
  [{ kind: 'softRange', column: 'full', min: 0, max: 1 }, 'trains.rules[0].column: "full"; starts_at, delay'],
  [{ kind: 'monotonic', column: 'id' }, 'trains.rules[0].column: "id"; starts_at, delay'],
  [{ kind: 'freshness', column: 'delay', within: '1d' }, 'trains.rules[0].column: "delay"; starts_at'],
  [{ kind: 'categories', column: 'delay', values: ['1'] }, 'trains.rules[0].column: "delay"; id'],
  [
    { kind: 'reference', column: 'full', to: { table: 'lines', column: 'code' } },
    'trains.rules[0].column: "full"; id, delay',
  ],
  [
    { kind: 'reference', column: 'id', to: { table: 'planes', column: 'code' } },
    'trains.rules[0].to.table: "planes"; trains, lines',
  ],
  [{ kind: 'nullShare', column: 'speed' }, 'trains.rules[0].column: "speed"; id, starts_at, delay, full'],
])('a rule that cannot work is refused where it stands: %o', (rule, problem) => {
  expect(problems(rule)).toEqual([problem]);
});
