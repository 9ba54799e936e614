// budget: 300 s
// needs: git, python3
import { execFileSync } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createVenv } from '../create-venv.ts';
import { createCopiedWorkspace } from './copied-workspace.ts';
import { serveWorkspace } from './served-workspace.ts';

const workspace = createCopiedWorkspace();
afterAll(workspace.remove);

const status = () => execFileSync('git', ['status', '--porcelain'], { cwd: workspace.root, encoding: 'utf8' }).trim();
const at = '2013-12-24T16:00:00Z';

const causeway = (...args: string[]) => workspace.succeed('causeway', ...args);

async function takeTheRoad(model: string): Promise<void> {
  await causeway('validate', model);
  await workspace.succeed('npx', 'nx', 'train', model);
  expect(await causeway('register', model)).toContain(`${model} version 1 is the champion`);
  expect(await causeway('models')).toMatch(new RegExp(`${model} +\\w+ +\\d+ +version 1`));
}

beforeAll(() => {
  // A Python of its own for the trainer that is no TypeScript; made where the copy is, so that nothing of the machine is changed.
  const python = createVenv(join(workspace.root, '.causeway', 'venv'), [
    'numpy==2.3.5',
    'pandas==2.3.3',
    'pyarrow==26.0.1',
    'onnx==1.23.2',
  ]);
  process.env.PATH = [dirname(python), process.env.PATH].join(delimiter);
}, 180_000);

test('a copy of flight-delay under another name goes from data to a served prediction with one new folder', async () => {
  const folder = join(workspace.root, 'models/late-arrival');
  cpSync(join(workspace.root, 'models/flight-delay'), folder, { recursive: true });
  rmSync(join(folder, 'release'), { recursive: true, force: true });
  rmSync(join(folder, 'champion.json'), { force: true });
  workspace.replace('models/late-arrival/model.ts', "name: 'flight-delay'", "name: 'late-arrival'");
  workspace.replace('models/late-arrival/model.ts', 'rounds: 300', 'rounds: 30');

  await takeTheRoad('late-arrival');
  await causeway('materialize', '--all', '--if-empty', '--at', at);
  expect(status()).toBe('?? models/late-arrival/');

  const service = await serveWorkspace(workspace.root);
  const flight = { carrier: 'UA', origin: 'EWR', dest: 'IAH', scheduled_at: '2013-12-24T18:00:00Z', tailnum: 'N14228' };
  const answer = await service.post('/v2/models/late-arrival/predict', flight);
  expect(answer).toMatchObject({
    status: 200,
    body: { model_name: 'late-arrival', model_version: '1', degraded_reasons: [] },
  });
  expect(answer.body.probability).toBeGreaterThan(0.02);
  expect(answer.body.probability).toBeLessThan(0.9);
  expect((await service.post('/v2/models/flight-delay/predict', flight)).status).toBe(200);
  expect(await service.stop()).toBe(0);
}, 300_000);

test('a regression that a Python program trains goes the same road, again with one new folder', async () => {
  cpSync(join(import.meta.dirname, 'fixtures/temperature-ahead'), join(workspace.root, 'models/temperature-ahead'), {
    recursive: true,
  });
  rmSync(join(workspace.root, 'models/late-arrival'), { recursive: true });

  await takeTheRoad('temperature-ahead');
  await causeway('materialize', '--all', '--if-empty', '--at', at);
  expect(status()).toBe('?? models/temperature-ahead/');

  const service = await serveWorkspace(workspace.root);
  const answer = await service.post('/v2/models/temperature-ahead/predict', { origin: 'EWR', observed_at: at });
  expect(answer).toMatchObject({ status: 200, body: { model_name: 'temperature-ahead', degraded_reasons: [] } });
  // It was 39 °F at 16:00 UTC and turned 37 by 19:00.
  expect(answer.body.prediction).toBeGreaterThan(30);
  expect(answer.body.prediction).toBeLessThan(50);
  expect(await service.stop()).toBe(0);
}, 300_000);
