// budget: 420 s
// needs: act, git
import { afterAll, expect, test } from 'vitest';
import { createRetrainedShop } from './retrain-workflow/retrained-shop.ts';

const shop = await createRetrainedShop();
afterAll(shop.remove);

const asked = { plan: 'success', 'model late-order/retrain': 'success' };

test('a night without anything new is green, trains nothing and says so', async () => {
  const { jobs, output, kept, roles } = await shop.run('schedule');
  expect(jobs, output).toEqual(asked);
  expect(output).toContain('late-order is not trained again: no trigger fired.');
  expect(output).not.toContain('retrain late-order, 1 of 5');
  expect({ kept, pulls: await shop.pulls() }).toEqual({ kept: [], pulls: [] });
  expect(roles).toEqual(['retrain arn:aws:iam::111111111111:role/retrain']);
});

test('a retrain on poisoned labels is stopped by its gates and proposes nothing', async () => {
  // Whoever was early is late and the other way round, for six weeks; the newest days are sound.
  const poison = `SELECT * REPLACE (CASE WHEN ordered_at BETWEEN TIMESTAMP '2024-04-15' AND TIMESTAMP '2024-05-31'
    THEN 200 - minutes ELSE minutes END AS minutes) FROM orders`;
  await shop.receive(190, poison);
  const { jobs, output, kept } = await shop.run('repository_dispatch', { action: 'retrain' });
  expect(jobs, output).toEqual({ ...asked, 'model late-order/retrain': 'failure' });
  expect(output).toContain('volume: 6048 labelled rows are new');
  expect(shop.ends()).toEqual([
    expect.objectContaining({ outcome: 'stopped', detail: expect.stringMatching(/^its gates say fail: .*champion/) }),
  ]);
  expect({ kept, pulls: await shop.pulls() }).toEqual({ kept: [], pulls: [] });
});

test('what a person asks for goes to a pull request with the reason and the evidence, and nothing but that changes', async () => {
  await shop.receive(190);
  const main = await shop.github.filesOf('main');
  const { jobs, output, roles } = await shop.run('workflow_dispatch', {
    inputs: { model: 'late-order', reason: 'the labels of May are put <b>right</b>' },
  });
  expect(jobs, output).toEqual({ ...asked, 'model late-order/propose': 'success' });
  // The job that writes on GitHub takes no role.
  expect(roles).toEqual(['retrain arn:aws:iam::111111111111:role/retrain']);
  const [pull] = await shop.pulls();
  expect(pull).toMatchObject({ branch: 'promote/late-order-v2', title: 'models: promote late-order to version 2' });
  expect(pull?.body).toMatch(
    /^Retrained by run 2 \(.*\/actions\/runs\/3\), because:\n\n- asked: the labels of May are put (?!<b>)/,
  );
  expect(pull?.body).toContain('tested on 2024-06-01 to 2024-07-09: days from which neither model learned.');
  expect(pull?.body).toContain('✅ **pass**: late-order may merge and be promoted.');
  const files = await shop.github.filesOf('promote/late-order-v2');
  const folder = 'models/late-order';
  expect(JSON.parse(files[`${folder}/window.json`] ?? '')).toEqual({
    ...{ schemaVersion: 1, train: ['2024-01-01', '2024-05-13'] },
    ...{ validate: ['2024-05-13', '2024-06-01'], test: ['2024-06-01', '2024-07-09'] },
  });
  const report = JSON.parse(files[`${folder}/release/2.evidence/report.json`] ?? '');
  expect(report.candidate.digest).toBe(JSON.parse(files[`${folder}/champion.json`] ?? '').digest);
  const changed = Object.keys(files).filter((path) => files[path] !== main[path]);
  expect(changed.filter((path) => !path.startsWith(`${folder}/release/2`)).sort()).toEqual([
    `${folder}/champion.json`,
    `${folder}/window.json`,
  ]);
  expect(shop.ends().at(-1)).toMatchObject({ outcome: 'proposed', version: 2 });
});

test('an alert that comes again soon after waits, and says until when', async () => {
  const before = await shop.pulls();
  const { jobs, output, kept } = await shop.run('repository_dispatch', { action: 'retrain' });
  expect(jobs, output).toEqual(asked);
  expect(output).toMatch(/late-order is not trained again yet\..*the last run began at .*: the next may at/s);
  expect({ kept, pulls: await shop.pulls() }).toEqual({ kept: [], pulls: before });
});
