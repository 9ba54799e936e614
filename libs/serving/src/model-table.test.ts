import { expect, test } from 'vitest';
import { createModelTable, type Lineup } from './model-table.ts';
import type { ServedModel } from './served-model.ts';

/** A model that runs nothing and notes when it is closed. */
function idleModel(version: string, closing: Promise<void> = Promise.resolve()) {
  const noted = { closed: false, live: true };
  const model = {
    name: 'example',
    version,
    run: () => Promise.reject(new Error('unused')),
    live: () => noted.live,
    close: async () => {
      noted.closed = true;
      await closing;
    },
  } as unknown as ServedModel;
  return { model, noted };
}

const lineup = (current: ServedModel, previous: ServedModel | null = null): Lineup => ({
  name: 'example',
  current: current.version,
  previous: previous?.version ?? null,
  versions: previous === null ? [current] : [previous, current],
});

test('an unknown name or version is answered with what there is', () => {
  const table = createModelTable();
  expect(() => table.find('example')).toThrow(/received "example"; allowed: none: no model is served;/);
  table.serve(lineup(idleModel('1').model));
  expect(() => table.find('exmaple')).toThrow(/received "exmaple"; allowed: example;/);
  expect(() => table.find('example', '2')).toThrow(
    expect.objectContaining({ code: 'unknown_version', message: expect.stringContaining('received "2"; allowed: 1;') }),
  );
});

test('the default is listed first, and a version that serves is never listed as loading', () => {
  const table = createModelTable();
  const [one, two] = [idleModel('1'), idleModel('2')];
  table.announce('example', '2');
  expect(table.entry('example')).toMatchObject({ version: '2', state: 'loading' });
  table.serve(lineup(two.model, one.model));
  table.announce('example', '3');
  expect(table.entries().map(({ version, isDefault }) => [version, isDefault])).toEqual([
    ['2', true],
    ['1', false],
  ]);
});

test('a version is closed once nobody holds it, however often it was held and swapped', async () => {
  const table = createModelTable();
  const [one, two] = [idleModel('1'), idleModel('2')];
  table.serve(lineup(one.model));
  const holds = [table.hold('example'), table.hold('example')];
  table.serve(lineup(two.model, one.model));
  const both = table.hold('example');
  expect([both.model, both.previous]).toEqual([two.model, one.model]);
  table.serve(lineup(two.model));
  for (const hold of holds) hold.release();
  holds[0]?.release();
  expect(one.noted.closed).toBe(false);
  both.release();
  expect(one.noted.closed).toBe(true);
  await table.release();
  expect(two.noted.closed).toBe(true);
});

test('a stuck run counts until its version is closed, also in a version that is served no more', async () => {
  const table = createModelTable();
  const closing = Promise.withResolvers<void>();
  const [old, young] = [idleModel('1', closing.promise), idleModel('2')];
  table.serve(lineup(old.model));
  table.serve(lineup(young.model));
  old.noted.live = false;
  expect(table.live()).toBe(false);
  closing.resolve();
  await table.release();
  expect(table.live()).toBe(true);
});

test('release waits for every version, also those that fail to close', async () => {
  const table = createModelTable();
  const broken = idleModel('1', Promise.reject(new Error('the thread is lost')));
  table.serve(lineup(broken.model));
  await table.release();
  expect(broken.noted.closed).toBe(true);
  expect(table.entries()).toEqual([]);
});
