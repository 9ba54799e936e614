import { holdLoads } from '@repo/serving/fixtures/held-loads';
import { LoadFailure } from '@repo/serving/load-failure';
import { createModelTable } from '@repo/serving/model-table';
import { expect, onTestFinished, test } from 'vitest';
import { startWithWorkspace } from './fixtures/example-service.ts';
import { createReadiness } from './readiness.ts';

test('readiness tells what is damaged from what was late and what could not be had', () => {
  const table = createModelTable();
  for (const failure of Object.values(LoadFailure)) {
    const versions = [{ version: '1', reason: 'of which the log tells', failure }];
    table.serve({ name: failure, current: '1', previous: null, versions });
  }
  expect(createReadiness(table).reasons()).toEqual([
    'model damaged is damaged',
    'model late was not loaded, checked and warm within LOAD_TIMEOUT_MS',
    'model unavailable could not be loaded',
  ]);
});

test('a model that never finishes loading keeps the service live and unready, and whoever asks is told why', async () => {
  const loads = holdLoads();
  onTestFinished(() => loads.forget());
  void loads.hold('example');
  const service = await startWithWorkspace({ LOAD_TIMEOUT_MS: '1000' });
  onTestFinished(async () => {
    loads.release();
    await service.stop();
  });
  const late = 'was not loaded, checked and warm within LOAD_TIMEOUT_MS';
  const ready = await fetch(`${service.url}/v2/health/ready`);
  expect([ready.status, await ready.text()]).toEqual([503, expect.stringContaining(`model example ${late}`)]);
  expect((await fetch(`${service.url}/v2/health/live`)).status).toBe(200);
  const index = await fetch(`${service.url}/v2/repository/index`, { method: 'POST' });
  expect(await index.json()).toContainEqual({
    name: 'example',
    version: '1',
    state: 'UNAVAILABLE',
    reason: `it ${late}; the log has the reason`,
  });
  expect(service.logs).toContainEqual(
    expect.objectContaining({ msg: 'model not served', reason: expect.stringContaining('a load within 1 s') }),
  );
});
