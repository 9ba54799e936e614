// budget: 360 s
// needs: act, git, kubectl
import type { Judgement } from '@repo/contract/judgement';
import type { Champion } from '@repo/contract/manifest';
import { exampleJudgement, exampleRelease } from '@repo/gates/fixtures/example-release';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { podHashOf } from './release-workflow/recorded-cluster.ts';
import { createReleasedModels, type ModelName, models } from './release-workflow/released-models.ts';

// The cluster is a recording of what Argo Rollouts writes, read by the real `causeway watch`; the suite `canary` has a real one.
const shop = await createReleasedModels();
afterAll(shop.remove);
const champions = new Map<ModelName, Champion>();
beforeAll(async () => {
  for (const model of models) champions.set(model, await shop.promote(model, 1));
  await shop.push('models and their champions');
});

const passed = { plan: 'success', 'deploy/preview': 'success', 'deploy/up': 'success' };
const judged = (model: string, verdict: Judgement['verdict']): Judgement =>
  exampleJudgement({
    model,
    verdict,
    stable: { podHash: podHashOf(model, 'from'), versions: ['1'] },
    canary: { podHash: podHashOf(model, 'to'), versions: ['2'] },
  });

/** Promotes the next version of a model in the checkout, and lets the cluster show how its canary ends. */
async function next(model: ModelName, ended: 'promoted' | 'rolled-back' | 'undecided', said?: string) {
  const from = champions.get(model) as Champion;
  const to = await shop.promote(model, from.version + 1);
  champions.set(model, to);
  const verdict = ({ promoted: 'pass', 'rolled-back': 'fail', undecided: 'inconclusive' } as const)[ended];
  shop.cluster.release(model, { from, to, ended, judged: said ?? judged(model, verdict) });
}

async function onGithub() {
  const { octokit, owner, repo } = shop.github.github;
  const all = { owner, repo, state: 'all' } as const;
  const { issues, pulls, repos } = octokit.rest;
  return {
    issues: (await issues.listForRepo(all)).data.map(({ number, title, body }) => ({
      number,
      title,
      body: body ?? '',
    })),
    pulls: (await pulls.list(all)).data.map(({ number, head }) => ({ number, branch: head.ref })),
    releases: (await repos.listReleases({ owner, repo })).data.map(({ tag_name: tag, prerelease, body }) => ({
      ...{ tag, prerelease, body: body ?? '' },
    })),
  };
}

test('a changed champion.json releases that model only, in staging and then in prod, and the release is recorded', async () => {
  await next('late-order', 'promoted');
  const { jobs, output, pulumi, roles } = await shop.run('push', await shop.push('promote late-order'));
  expect(jobs, output).toEqual({
    ...passed,
    'staging/watch late-order': 'success',
    'staging/record late-order': 'success',
    'prod/watch late-order': 'success',
    'prod/record late-order': 'success',
  });
  expect(
    pulumi.filter((line) => /^-C infra\/serving up /.test(line)).map((line) => /--stack (\w+)/.exec(line)?.[1]),
  ).toEqual(['staging', 'prod']);
  expect(pulumi.join('\n')).not.toContain('imageDigest');
  expect(roles.map((line) => line.split(' ')[0])).toEqual(['preview', 'up', 'watch', 'preview', 'up', 'watch']);
  const { issues, pulls, releases } = await onGithub();
  expect({ issues, pulls, releases: releases.length }).toEqual({ issues: [], pulls: [], releases: 1 });
  expect(releases[0]).toMatchObject({ tag: 'models/late-order/v2', prerelease: false });
  expect(releases[0]?.body).toContain('✅ **promoted**: late-order version 2 in prod.');
});

test('a canary that is rolled back stops the release, and is an issue and a pull request with the evidence, once', async () => {
  await next('early-order', 'rolled-back');
  const before = await onGithub();
  const event = await shop.push('promote early-order');
  for (const _ of ['the first time', 'again']) {
    const { jobs, output } = await shop.run('push', event);
    expect(jobs, output).toEqual({
      ...passed,
      'staging/watch early-order': 'success',
      'staging/record early-order': 'failure',
    });
  }
  const { issues, pulls, releases } = await onGithub();
  expect({ issues: issues.length, releases }).toEqual({ issues: 1, releases: before.releases });
  expect(pulls).toEqual([{ number: expect.any(Number), branch: 'rollback/early-order-v1' }]);
  expect(issues[0]?.title).toBe('early-order version 2 was rolled back in staging');
  expect(issues[0]?.body).toContain(`To go back: #${pulls[0]?.number}.`);
  expect(issues[0]?.body).toContain('| ❌ fail | `errors` | +0.031 of requests | 0.012 to 0.05 |');
});

test('what nobody decides writes nothing, and the job says so', async () => {
  await next('late-order', 'undecided');
  const before = await onGithub();
  const { jobs, output } = await shop.run('push', await shop.push('promote late-order'));
  expect(jobs, output).toEqual({
    ...passed,
    'staging/watch late-order': 'success',
    'staging/record late-order': 'failure',
  });
  expect(output).toContain('late-order version 3 was not decided about in staging: Nobody has decided by its deadline');
  expect(output).toMatch(/nobody decided, so nothing is written: docs\/runbooks\/release\.md/);
  expect(await onGithub()).toEqual(before);
});

test('a forged result of a watch changes nothing', async () => {
  for (const model of models) await next(model, 'rolled-back');
  shop.workspace.replace(
    '.github/workflows/release-environment.yml',
    'npx causeway watch "$MODEL" --json',
    'cat "forged/$MODEL.json"',
  );
  const sideOf = (model: ModelName, side: 'from' | 'to', champion: Champion | null) => ({
    ...{ podHash: podHashOf(model, side), champion, image: 'i' },
  });
  const whole = (model: ModelName, rest: object = {}): string =>
    JSON.stringify({
      ...exampleRelease({ model, judgement: judged(model, 'fail') }),
      ...{ from: sideOf(model, 'from', null), to: sideOf(model, 'to', champions.get(model) ?? null) },
      ...rest,
    });
  const another = sideOf('late-order', 'to', champions.get('early-order') ?? null);
  const forged: Record<ModelName, readonly [string, RegExp]> = {
    'early-order': [whole('late-order'), /json\.model: received "late-order"; allowed: "early-order"/],
    'express-order': [`{${' '.repeat(2 ** 21)}}`, /received more than 1048576 bytes/],
    'late-order': [whole('late-order', { schemaVersion: 9, to: another }), /schemaVersion: received 9; allowed: 1/],
  };
  for (const model of models) shop.workspace.write(`forged/${model}.json`, forged[model][0]);
  await shop.push('hand out what was made elsewhere');
  const before = await onGithub();
  const { jobs, output } = await shop.run('workflow_dispatch', { inputs: { models: models.join(',') } });
  for (const model of models) {
    // act adds a number to jobs of a matrix of several.
    const recorded = Object.keys(jobs).find((job) => job.startsWith(`staging/record ${model}-`)) ?? '';
    expect(jobs[recorded], output).toBe('failure');
    expect(output).toMatch(forged[model][1]);
  }
  expect(await onGithub()).toEqual(before);
});
