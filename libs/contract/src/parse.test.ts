import { expect, test, vi } from 'vitest';
import { z } from 'zod';
import { InputError, show } from './input-error.ts';
import { parseOrThrow } from './parse.ts';

const schema = z.strictObject({ ports: z.array(z.int().min(1).max(65_535)), mode: z.enum(['a', 'b']) });

function problemsOf(value: unknown) {
  try {
    parseOrThrow(schema, value, 'config');
  } catch (error) {
    if (error instanceof InputError) return error.problems;
  }
  return [];
}

test('gives back what fits', () => {
  expect(parseOrThrow(schema, { ports: [80], mode: 'a' }, 'config')).toEqual({ ports: [80], mode: 'a' });
});

test('names path, received, allowed and action of every problem at once', () => {
  expect(problemsOf({ ports: [80, 0, 'x'], mode: 'c', extra: true })).toEqual([
    { path: 'config.ports[1]', received: '0', allowed: 'a number at least 1', action: 'change it' },
    { path: 'config.ports[2]', received: '"x"', allowed: 'a number', action: 'change it' },
    { path: 'config.mode', received: '"c"', allowed: '"a", "b"', action: 'change it' },
    {
      path: 'config.extra',
      received: 'true',
      allowed: 'no such field here',
      action: 'remove it, or correct its spelling',
    },
  ]);
});

test('says what a schema allows in words of its own, whatever kind of issue it is', () => {
  const odd = z.strictObject({
    kind: z.discriminatedUnion('by', [z.strictObject({ by: z.literal('a') }), z.strictObject({ by: z.literal('b') })]),
    day: z.iso.date(),
    whole: z.int(),
    pair: z.array(z.string()).min(2),
    named: z.record(z.string().regex(/^[a-z]+$/, { error: 'lower-case letters' }), z.number()),
  });
  const value = { kind: { by: 'c' }, day: '2013-09-31', whole: 1.5, pair: [], named: { X: 1 } };
  expect(() => parseOrThrow(odd, value, 'odd')).toThrow(
    [
      'odd.kind.by: received "c"; allowed: "a", "b"; change it',
      'odd.day: received "2013-09-31"; allowed: a day such as 2013-09-30; change it',
      'odd.whole: received 1.5; allowed: a whole number; change it',
      'odd.pair: received []; allowed: an array of length at least 2; change it',
      'odd.named.X: received 1; allowed: lower-case letters; change it',
    ].join('\n'),
  );
});

test('says that a field is absent rather than wrong', () => {
  expect(problemsOf({ ports: [] })).toEqual([
    expect.objectContaining({ path: 'config.mode', received: 'nothing', action: 'add it' }),
  ]);
});

test('shows a huge or circular value in at most 80 characters', () => {
  const circular: Record<string, unknown> = {};
  circular.self = circular;
  for (const value of ['x'.repeat(1e6), circular, 1n, undefined]) expect(show(value).length).toBeLessThanOrEqual(80);
});

test('cuts a text before it copies it, which may be a whole body', () => {
  const stringify = vi.spyOn(JSON, 'stringify');
  const shown = show('é'.repeat(1e6));
  const copied = stringify.mock.calls.map(([text]) => text.length);
  stringify.mockRestore();
  expect(copied).toEqual([80]);
  expect(shown).toBe(`"${'é'.repeat(76)}...`);
  expect(show('x'.repeat(78))).toBe(`"${'x'.repeat(78)}"`);
});
