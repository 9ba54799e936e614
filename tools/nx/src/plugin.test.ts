import { afterAll, expect, test } from 'vitest';
import { createFakeWorkspace } from './fake-workspace.ts';

const workspace = createFakeWorkspace();
afterAll(workspace.remove);
const chain = (model: string): string[] => ['validate', 'features', 'train'].map((verb) => `${verb} ${model}`);

// One story over one workspace: each chapter builds on the caches of the ones before.
test('a chain runs once in order, then only what an edit reaches, and a broken model breaks alone', {
  timeout: 120_000,
}, async () => {
  expect(await workspace.nx('train', 'demand')).toMatchObject({
    exitCode: 0,
    ran: ['ingest rides', ...chain('demand')],
  });

  // Nothing that the chain reads: a view the model does not use, another domain, a test, what a release leaves behind.
  workspace.append('features/rides/views/unused.ts', '// touched\n');
  workspace.append('features/tides/tides.ts', '// touched\n');
  workspace.append('libs/training/src/training.test.ts', '// touched\n');
  workspace.append('features/rides/data/README.md', 'Where the rides come from.\n');
  workspace.append('models/demand/champion.json', '{}');
  expect((await workspace.nx('train', 'demand')).ran, 'an edit elsewhere').toEqual([]);

  workspace.append('features/rides/views/used.ts', '// touched\n');
  expect((await workspace.nx('train', 'demand')).ran, 'a view').toEqual(['features demand', 'train demand']);

  workspace.append('libs/onnx/src/onnx.ts', '// touched\n');
  expect((await workspace.nx('train', 'demand')).ran, 'code of the last stage').toEqual(['train demand']);

  const judged = 'gate demand --report-only';
  expect((await workspace.nx('gate', 'demand')).ran, 'the gates, after what is cached').toEqual([judged]);
  expect((await workspace.nx('gate', 'demand')).ran, 'the gates again').toEqual([]);
  workspace.append('models/demand/champion.json', ' ');
  expect((await workspace.nx('gate', 'demand')).ran, 'another champion').toEqual([judged]);
  workspace.append('models/demand/release/1/model.onnx', 'x');
  expect((await workspace.nx('gate', 'demand')).ran, 'a released file').toEqual([judged]);
  workspace.append('libs/gates/src/gates.ts', '// touched\n');
  expect((await workspace.nx('gate', 'demand')).ran, 'code of the gates').toEqual([judged]);

  workspace.append('features/rides/data/rides.csv', '2\n');
  workspace.append('models/demand/model.ts', 'export {{{');
  const broken = await workspace.nx('run-many', '-t', 'train');
  expect(broken.exitCode).not.toBe(0);
  expect(broken.ran.toSorted(), 'a broken model').toEqual(
    ['ingest rides', 'ingest tides', ...chain('other')].toSorted(),
  );
});
