import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { deciding, decidingFiles, decidingNote } from './deciding-files.ts';

test.each([
  '.github/workflows/ci.yml',
  'apps/pipeline/src/verbs/gate.ts',
  'libs/contract/src/check-gate-policy.ts',
  'libs/contract/src/gate-limit.ts',
  'libs/contract/src/release-policy.ts',
  'libs/experiments/src/judge-canary.ts',
  'infra/components/src/policies/tags.ts',
  'models/flight-delay/champion.json',
  'models/flight-delay/window.json',
  'libs/contract/src/retraining-policy.ts',
  'models/flight-delay/model.ts',
  'models/flight-delay/release/2/model.onnx',
  'package.json',
])('%s decides about what is judged', (path) => {
  expect(decidingFiles([path])).toEqual([path]);
});

test('code that is judged decides nothing', () => {
  expect(decidingNote(['README.md', 'features/flights/views/plane.ts', 'libs/training/src/train-stage.ts'])).toBe('');
});

test('the note names the files, no more than there is room for, and none of them is markup', () => {
  const many = Array.from({ length: 30 }, (_, i) => `libs/gates/src/@octocat-${i}.ts`);
  const note = decidingNote(['.github/[x](https://a.b)', ...many]);
  expect(note).toContain('11 more.');
  expect(note).not.toMatch(/@octocat|\]\(https|https:\/\//);
});

test('whatever decides has owners of its own', () => {
  const owners = readFileSync(new URL('../../../.github/CODEOWNERS', import.meta.url), 'utf8');
  const owned = owners.split('\n').map((line) => line.split(' ')[0]);
  const patterns = deciding.map((glob) => `/${glob.replace(/\*\*$/, '')}`);
  expect(patterns.filter((path) => !owned.includes(path))).toEqual([]);
});
