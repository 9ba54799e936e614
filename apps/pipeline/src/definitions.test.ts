import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTemporaryWorkspace, type TemporaryWorkspace } from './fixtures/temporary-workspace.ts';

let workspace: TemporaryWorkspace;
beforeAll(async () => {
  workspace = await createTemporaryWorkspace();
}, 60_000);
afterAll(() => workspace.remove());

const model = 'models/late-order/model.ts';

describe('a model.ts that lies is refused by what is wrong with it', () => {
  test.each([
    ['a slice in no view', "slices: ['shop']", "slices: ['city']", 'gates.slices[0]: received "city"; allowed: shop'],
    ['a missing label', "column: 'late'", "column: 'lost'", 'label.column: received "lost"; allowed: minutes, late'],
    [
      'a negative timeout',
      'timeoutMs: 100',
      'timeoutMs: -1',
      'serving.timeoutMs: received -1; allowed: a number at least',
    ],
    ['a step below one replica', 'steps: [25,', 'steps: [10,', 'release.steps[0]: received 10; allowed: 25 to 100'],
    ['an unknown field', "owner: 'shop-team',", "owner: 'shop-team', ownr: 1,", 'late-order.ownr: received 1'],
    ['an entry that is no view', 'select(order, ', 'select({} as never, ', 'late-order.features[0]: received {}'],
    [
      'a name unlike its folder',
      "name: 'late-",
      "name: 'early-",
      'name: received "early-order"; allowed: "late-order"',
    ],
    ['no default export', 'export default', 'export const late =', 'received no default export made by defineModel'],
    ['a bare object', 'default defineModel(', 'default (', 'received no default export made by defineModel'],
  ])('%s', async (_, text, by, problem) => {
    const copy = workspace.copy();
    copy.edit(model, text, by);
    const { exitCode, stdout, stderr } = await copy.run(['validate', 'late-order']);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(problem);
    expect(copy.filesIn('.causeway')).toEqual({});
  });
});

test('a view that offers what is known too late is refused as a leak', async () => {
  const copy = workspace.copy();
  copy.edit('features/shop/views/order.ts', "clock('ordered_at'", "clock('delivered_at'");
  const { exitCode, stderr } = await copy.run(['validate', 'late-order']);
  expect(exitCode).toBe(2);
  expect(stderr).toContain('view order.features.hour: received delivered_at, known at delivered_at');
  expect(stderr).toContain('this is a leak');
});

// In processes of their own: it is Node that words these.
test.each([
  ['a syntax error', 'export default', 'export defualt', '(models/late-order/model.ts:7)'],
  ['an import that leads nowhere', 'views/order.ts', 'views/none.ts', 'Error: Cannot find module'],
  ['an error of its own', 'export default', 'null.x; export default', 'TypeError: Cannot read properties of null'],
])('a model.ts with %s is named in one line', async (_, text, by, problem) => {
  const copy = workspace.copy();
  copy.edit(model, text, by);
  const { exitCode, stdout, stderr } = await copy.spawn(['validate', 'late-order']);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toMatch(/^causeway: models\/late-order\/model\.ts: received [^\n]+; allowed: [^\n]+; [^\n]+\n$/);
  expect(stderr).toContain(problem);
});

test('a syntax error in a view is told with its own file and line', async () => {
  const copy = workspace.copy();
  copy.edit('features/shop/views/order.ts', 'export const', 'export cnst');
  const { exitCode, stderr } = await copy.spawn(['features', 'late-order']);
  expect(exitCode).toBe(2);
  expect(stderr).toMatch(
    /^causeway: models\/late-order\/model\.ts: received SyntaxError: .*\(features\/shop\/views\/order\.ts:5\)/,
  );
});

test('a broken model breaks its own row only, and models then fails', async () => {
  const copy = workspace.copy();
  copy.write('models/broken/model.ts', 'export default {{{\n');
  const listed = await copy.spawn(['models', '--json']);
  expect(listed).toMatchObject({ exitCode: 1, stderr: '' });
  expect(JSON.parse(listed.stdout)).toMatchObject([
    { model: 'broken', problem: expect.stringContaining('models/broken/model.ts: received ') },
    { model: 'late-order', task: 'binary', features: 4, champion: null, problem: null },
  ]);
  const text = await copy.run(['models']);
  expect(text.stdout).toMatch(/\nbroken +broken +0 +none\n/);
  expect(text.stdout).toContain('\nbroken is broken: models/broken/model.ts: received ');
  expect(await copy.run(['validate', 'late-order'])).toMatchObject({ exitCode: 0 });
});

test('models names a committed champion that is damaged', async () => {
  const copy = workspace.copy();
  copy.write('models/late-order/champion.json', '{"version": 1');
  const { exitCode, stdout, stderr } = await copy.run(['models']);
  expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: '' });
  expect(stdout).toContain('late-order is broken: ');
  expect(stdout).toContain('champion.json');
});

test('a source file without its source, and a name that two domains use, are refused', async () => {
  const copy = workspace.copy();
  copy.write('features/shop/returns.ts', 'export const returns = 1;\n');
  const empty = await copy.run(['ingest', 'returns']);
  expect(empty.exitCode).toBe(2);
  expect(empty.stderr).toContain('features/shop/returns.ts: received no such export');
  copy.write('features/web/orders.ts', copy.read('features/shop/orders.ts'));
  const twice = await copy.run(['ingest', 'orders']);
  expect(twice.exitCode).toBe(2);
  expect(twice.stderr).toContain('features/web/orders.ts: received "orders"');
});
