import { beforeEach, expect, test } from 'vitest';
import { createGithub } from './create-github.ts';
import { type EmulatedGithub, emulateGithub } from './fixtures/emulated-github.ts';
import { scriptGithub } from './fixtures/scripted-github.ts';
import { type Annotation, type CheckRun, publishCheckRun } from './publish-check-run.ts';

let emulated: EmulatedGithub;
let headSha: string;

beforeEach(async () => {
  emulated = await emulateGithub();
  headSha = await emulated.commit('topic', { 'a.txt': 'a' });
});

const annotations = (count: number): Annotation[] =>
  Array.from({ length: count }, (_, i) => ({
    path: 'models/late-order/model.ts',
    start_line: i + 1,
    end_line: i + 1,
    annotation_level: 'failure',
    title: `gate ${i + 1}`,
    message: 'too slow',
  }));

const check = (rest: Partial<CheckRun> = {}): CheckRun => ({
  name: 'gates',
  headSha,
  conclusion: 'failure',
  title: 'late-order: fail',
  summary: 'slower than the champion',
  annotations: [],
  ...rest,
});

async function runs() {
  const { octokit, owner, repo } = emulated.github;
  const { check_runs } = (await octokit.rest.checks.listForRef({ owner, repo, ref: headSha, filter: 'all' })).data;
  return check_runs.map(({ name, status, conclusion, output }) => ({ name, status, conclusion, ...output }));
}

test('a check stands at the commit with its conclusion, and again it is the same one', async () => {
  const first = await publishCheckRun(emulated.github, check());
  expect(await publishCheckRun(emulated.github, check())).toEqual(first);
  const expected = { name: 'gates', status: 'completed', conclusion: 'failure', summary: 'slower than the champion' };
  expect(await runs()).toEqual([expect.objectContaining(expected)]);
});

test.each(['success', 'failure', 'neutral'] as const)('another result, %s, replaces it', async (conclusion) => {
  const first = await publishCheckRun(emulated.github, check({ title: 'late-order: the first' }));
  const second = await publishCheckRun(emulated.github, check({ conclusion, title: 'late-order: the second' }));
  expect(second.id).toBe(first.id);
  expect(await runs()).toEqual([expect.objectContaining({ conclusion, title: 'late-order: the second' })]);
});

test('where there are annotations, which cannot be taken back, a new run takes the place of the old one', async () => {
  const first = await publishCheckRun(emulated.github, check({ annotations: annotations(2) }));
  const second = await publishCheckRun(emulated.github, check({ annotations: annotations(1), conclusion: 'neutral' }));
  expect(second.id).not.toBe(first.id);
  expect((await runs()).map((run) => run.annotations_count).sort()).toEqual([1, 2]);
});

test('a job of the same name is left alone', async () => {
  const { octokit, owner, repo } = emulated.github;
  const job = { owner, repo, name: 'gates', head_sha: headSha, status: 'completed', conclusion: 'success' } as const;
  await octokit.rest.checks.create(job);
  await publishCheckRun(emulated.github, check());
  expect((await runs()).map((run) => run.conclusion).sort()).toEqual(['failure', 'success']);
});

test('a hostile title stays one line of text, and a summary that is too long is cut', async () => {
  await publishCheckRun(emulated.github, check({ title: '\u202Elate\n::error::<b>', summary: 'x'.repeat(70_000) }));
  const [run] = await runs();
  expect(run?.title).toBe('late ::error::<b>');
  expect(run?.summary?.length).toBeLessThanOrEqual(65_535);
});

/** A GitHub that holds one check run, as far as `held` says, and remembers what it is asked to write. */
async function withRun(held: { external_id: string; count: number } | null) {
  const toRun = (external_id: string, count: number) => ({
    id: 7,
    html_url: 'https://github.example/7',
    external_id,
    output: { annotations_count: count },
  });
  const { access, requests } = await scriptGithub(({ method, body }) => {
    const runs = held === null ? [] : [toRun(held.external_id, held.count)];
    if (method === 'GET') return { status: 200, json: { total_count: runs.length, check_runs: runs } };
    return { status: method === 'POST' ? 201 : 200, json: toRun(JSON.parse(body).external_id, 0) };
  });
  const written = () => requests.filter(({ method }) => method !== 'GET');
  const lines = () =>
    written().map(({ method, body }) => {
      const { annotations: batch } = JSON.parse(body).output as { annotations: { start_line: number }[] };
      return `${method} ${batch[0]?.start_line ?? '-'} to ${batch.at(-1)?.start_line ?? '-'}`;
    });
  return { github: createGithub({ ...access, secondMs: 1 }), lines, written };
}

test('annotations go out 50 at a time', async () => {
  const { github, lines } = await withRun(null);
  await publishCheckRun(github, check({ annotations: annotations(120) }));
  expect(lines()).toEqual(['POST 1 to 50', 'PATCH 51 to 100', 'PATCH 101 to 120']);
});

test('a check that was cut off between two batches is completed by the next run', async () => {
  const first = await withRun(null);
  const whole = check({ annotations: annotations(120) });
  await publishCheckRun(first.github, whole);
  const { external_id } = JSON.parse(first.written()[0]?.body ?? '') as { external_id: string };
  const second = await withRun({ external_id, count: 100 });
  await publishCheckRun(second.github, whole);
  expect(second.lines()).toEqual(['PATCH 101 to 120']);
});

test('a check whose answer was lost is looked for before it is written again', async () => {
  const { access } = await scriptGithub(
    ({ method }, count) => (method === 'POST' && count === 3 ? 'forward and lose' : 'forward'),
    emulated.access.apiUrl,
  );
  await publishCheckRun(createGithub({ ...access, token: emulated.access.token, secondMs: 1 }), check());
  expect(await runs()).toHaveLength(1);
});

test('a token that may not write checks is told so', async () => {
  const { access } = await scriptGithub(({ method }) =>
    method === 'GET'
      ? { status: 200, json: { total_count: 0, check_runs: [] } }
      : { status: 403, json: { message: 'no' } },
  );
  await expect(publishCheckRun(createGithub({ ...access, secondMs: 1 }), check())).rejects.toThrow(
    /^GITHUB_TOKEN: received "no" \(403\) .*; allowed: a token with checks: write on bot\/shop; grant it/,
  );
});
