// budget: 420 s
// needs: git
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRetrainedShop } from './retrain-workflow/retrained-shop.ts';

const shop = await createRetrainedShop();
afterAll(shop.remove);
beforeAll(() => shop.receive(190));

const retrain = (at: string, run?: number, environment = {}) =>
  shop.start(['retrain', 'late-order', '--at', at, '--json'], run, environment);
const preload = new URL('ingest/stop-at.ts', import.meta.url).href;
const night = '2024-07-10T04:00:00Z';

test('a disk that is full as a run is begun: nothing is, and with room it goes on', async () => {
  const stop = { STOP_AT: '1', STOP_HOW: 'full', STOP_BELOW: shop.inState('retrain') };
  const full = await retrain(night, undefined, { NODE_OPTIONS: `--import ${preload}`, ...stop }).ended;
  expect(full).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(/ENOSPC.*free space on the disk/) });
  const { stdout } = await shop.start(['retrain', 'late-order', '--at', night, '--json', '--dry-run']).ended;
  expect(JSON.parse(stdout)).toMatchObject({ state: 'run', resumes: null });
});

test('while one run goes on, another in the same checkout and one of another machine are refused, and told whose it is', async () => {
  const first = retrain(night);
  await first.said('retrain late-order, 1 of 5');
  const here = await retrain(night).ended;
  expect(here).toMatchObject({ exitCode: 1, stdout: '' });
  expect(here.stderr).toMatch(
    /late-order is being trained again already: run 1 since 2024-07-10T04:00:00.000Z by \S+:\//,
  );
  await first.said('retrain late-order, 3 of 5');
  first.kill();
  await first.ended;
  const elsewhere = await retrain('2024-07-10T05:00:00Z', 7).ended;
  expect(elsewhere.exitCode).toBe(1);
  expect(JSON.parse(elsewhere.stdout)).toMatchObject({
    state: 'running',
    wait: expect.stringMatching(/it counts as dead at \d{4}-/),
  });
  expect({ versions: await shop.versions(), pulls: await shop.pulls() }).toEqual({ versions: [], pulls: [] });
});

test('killed before the gates and again before the pull request, it goes on to one version and one pull request', async () => {
  const second = retrain('2024-07-10T04:10:00Z');
  await second.said('retrain late-order, 5 of 5');
  second.kill();
  await second.ended;
  expect(await shop.versions()).toEqual([1, 2]);
  // Past its lease, which the clock counts, another machine may go on with it, on the same days.
  shop.expire(2);
  const third = await retrain('2024-07-10T07:00:00Z', 8).ended;
  expect(third.exitCode, third.stderr).toBe(0);
  expect(JSON.parse(third.stdout)).toMatchObject({ resumes: 2, run: { number: 3, outcome: 'proposed', version: 2 } });
  expect(await shop.versions()).toEqual([1, 2]);
  expect(await shop.pulls()).toMatchObject([{ branch: 'promote/late-order-v2' }]);
});

test('the branch of the promotion passes the gates of its own pull request, and once merged there is nothing to do', async () => {
  const { workspace, github } = shop;
  for (const [path, text] of Object.entries(await github.filesOf('promote/late-order-v2'))) {
    mkdirSync(dirname(join(workspace.root, path)), { recursive: true });
    writeFileSync(join(workspace.root, path), Buffer.from(text, 'latin1'));
  }
  workspace.git('checkout', '-q', '-b', 'promotion');
  workspace.commit('the branch of the promotion');
  const judged = await shop.start(['gate', 'late-order', '--base', 'main', '--json']).ended;
  expect(judged.exitCode, judged.stderr).toBe(0);
  const { digest } = JSON.parse(workspace.read('models/late-order/champion.json'));
  expect(JSON.parse(judged.stdout)).toMatchObject({ verdict: 'pass', candidate: { digest } });
  const next = await retrain('2024-07-12').ended;
  expect({ exitCode: next.exitCode, outcome: JSON.parse(next.stdout) }).toMatchObject({
    exitCode: 0,
    outcome: { state: 'nothing' },
  });
});
