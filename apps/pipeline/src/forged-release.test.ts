import { symlinkSync } from 'node:fs';
import { exampleJudgement } from '@repo/gates/fixtures/example-release';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createReleasedWorkspaces, type Released, runUrl } from './fixtures/released-workspace.ts';

let workspaces: Awaited<ReturnType<typeof createReleasedWorkspaces>>;
let released: Released;
beforeAll(async () => {
  workspaces = await createReleasedWorkspaces();
});
afterAll(() => workspaces.remove());
beforeEach(async () => {
  released = await workspaces.next();
});

const result: Released['result'] = (rest) => released.result(rest);
const nothing = { issues: [], pulls: [], releases: [] };
const other = `sha256:${'f'.repeat(64)}`;
test.each<[string, () => unknown, RegExp]>([
  [
    'about another model',
    () => result({ model: 'other' }),
    /release\.json\.model: received "other"; allowed: "late-order"/,
  ],
  [
    'whose judgement is about another model',
    () => result({ judgement: exampleJudgement({ model: 'other' }) }),
    /judgement\.model: received "other"/,
  ],
  [
    'whose judgement is about other pods',
    () => result({ judgement: exampleJudgement({ canary: { podHash: 'ffff', versions: [] } }) }),
    /judgement\.canary\.podHash: received "ffff"; allowed: "7d4b"/,
  ],
  [
    'about a version that is not the champion',
    () => result({ to: { podHash: '7d4b', image: 'i', champion: { version: 9, digest: other } } }),
    /to\.champion: received \{"version":9.*allowed: \{"version":2/,
  ],
  [
    'about a bundle that is not the version',
    () => result({ to: { podHash: '7d4b', image: 'i', champion: { version: 2, digest: other } } }),
    /to\.champion: received/,
  ],
  [
    'that goes back to another bundle than the version before',
    () => result({ from: { podHash: '6f9c', image: 'i', champion: { version: 1, digest: other } } }),
    /from\.champion\.digest: received "sha256:f+.*no watch of this release printed it/,
  ],
  [
    'that was promoted in spite of its judgement',
    () => result({ outcome: 'promoted' }),
    /judgement\.verdict: received "fail"; allowed: "no fail/,
  ],
  [
    'that was promoted and does not know what',
    () => result({ outcome: 'promoted', judgement: null, to: { podHash: '7d4b', image: 'i', champion: null } }),
    /to\.champion: received none/,
  ],
  ['that ended before it began', () => result({ endedAt: '2025-01-01T00:00:00Z' }), /endedAt: received/],
  ['of another form', () => ({ ...result(), note: '<img>' }), /note: received "<img>"; allowed: no such field/],
  ['of another schema', () => ({ ...result(), schemaVersion: 2 }), /schemaVersion: received 2; allowed: 1/],
  ['that is too large', () => `{${' '.repeat(2 ** 20)}}`, /received more than 1048576 bytes/],
  ['that breaks off', () => JSON.stringify(result()).slice(0, -1), /received something else; allowed: a whole JSON/],
  ['that is empty', () => '', /received something else; allowed: a whole JSON/],
])('a result %s is refused, and nothing is written', async (_, content, message) => {
  const ended = await released.record(content());
  expect(ended).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(message) });
  expect(await released.onGithub()).toEqual(nothing);
});

test('a link in place of the result is refused', async () => {
  released.copy.write('elsewhere.json', JSON.stringify(result()));
  symlinkSync(released.copy.path('elsewhere.json'), released.copy.path('link.json'));
  const args = [
    'record',
    'late-order',
    released.copy.path('link.json'),
    '--environment',
    'staging',
    '--head',
    released.head,
  ];
  const ended = await released.copy.run(args, released.github.environment);
  expect(ended).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('a symbolic link') });
});

test.each([
  ['--run', 'https://evil.example/?x=actions/runs/1'],
  ['--environment', 'Staging; id'],
  ['--head', 'main'],
])('%s %s is bad input', async (flag, value) => {
  released.copy.write('release.json', JSON.stringify(result()));
  const given = { '--environment': 'staging', '--head': released.head, '--run': runUrl, [flag]: value };
  const ended = await released.copy.run([
    'record',
    'late-order',
    released.copy.path('release.json'),
    ...Object.entries(given).flat(),
  ]);
  expect(ended).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(`${flag}: received`) });
});
