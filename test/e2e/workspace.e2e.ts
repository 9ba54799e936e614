// budget: 210 s
// needs: git
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { createCopiedWorkspace } from './copied-workspace.ts';

const workspace = createCopiedWorkspace();
afterAll(workspace.remove);
// All rows and all stages, but few trees: this story is about what runs, not about how good the model is.
workspace.replace('models/flight-delay/model.ts', 'rounds: 300', 'rounds: 10');

const everything = [
  'features-flights:ingest',
  'features-weather:ingest',
  'flight-delay:features',
  'flight-delay:train',
  'flight-delay:validate',
];

/** Trains and returns the tasks that really ran, caches aside, as Nx noted them. */
async function train(): Promise<string[]> {
  const { exitCode, output } = await workspace.run('nx', 'train', 'flight-delay');
  expect(exitCode, output).toBe(0);
  const { tasks } = JSON.parse(workspace.read('.nx/cache/run.json')) as {
    tasks: { taskId: string; cacheStatus: string }[];
  };
  expect(tasks.map(({ taskId }) => taskId).sort()).toEqual(everything);
  return tasks.flatMap(({ taskId, cacheStatus }) => (cacheStatus === 'cache-miss' ? [taskId] : [])).sort();
}

// One story over one copy: each test builds on the caches that the ones before left.
test('the first training runs the whole chain and writes every stage', async () => {
  expect(await train()).toEqual(everything);
  for (const stage of ['flights/ingest', 'planes/ingest', 'weather/ingest']) {
    expect(existsSync(join(workspace.root, '.causeway/stages', stage, 'manifest.json')), stage).toBe(true);
  }
  for (const file of [
    'validate/report.json',
    'features/contract.json',
    'train/report.html',
    'train/bundle/model.onnx',
  ]) {
    expect(existsSync(join(workspace.root, '.causeway/stages/flight-delay', file)), file).toBe(true);
  }
});

test('the second training is all cache', async () => {
  expect(await train()).toEqual([]);
});

test('a touched view reruns what computes features and what follows', async () => {
  workspace.append('features/weather/views/weather-at-origin.ts', '// touched\n');
  expect(await train()).toEqual(['flight-delay:features', 'flight-delay:train']);
});

test('a touched source reruns its domain and the chain, but no other domain', async () => {
  workspace.append('features/weather/weather.ts', '// touched\n');
  expect(await train()).toEqual(everything.filter((task) => task !== 'features-flights:ingest'));
});

test('a syntax error in one model breaks that model only', async () => {
  await workspace.run('mkdir', 'models/broken');
  workspace.append('models/broken/model.ts', 'export default {{{\n');
  expect(await train()).toEqual([]);
  const broken = await workspace.run('nx', 'validate', 'broken');
  expect(broken.exitCode).toBe(1);
});
