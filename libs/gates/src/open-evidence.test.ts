import { InputError } from '@repo/contract/input-error';
import type { BundleContents } from '@repo/contract/manifest';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSmallEvidence, type SmallEvidence } from './fixtures/small-evidence.ts';

let small: SmallEvidence;
beforeAll(async () => {
  small = await createSmallEvidence();
}, 60_000);
afterAll(() => small.remove());

const withFile = (name: keyof BundleContents, content: string) => {
  const contents = { ...small.options.candidate.contents, [name]: new TextEncoder().encode(content) };
  return { ...small.options.candidate, contents };
};

test('both sides answer the test rows, and the same model answers the same', async () => {
  const { candidate, champion, tables, evaluationDigest } = await small.open();
  expect(candidate.answers).toHaveLength(tables.test.matrix.rows);
  expect(candidate.answers).toEqual(champion?.answers);
  expect(candidate.failure).toBeNull();
  expect(candidate.trainer?.by).toBe('trees');
  expect(evaluationDigest).toMatch(/^sha256:[0-9a-f]{64}$/);
});

test('other rows are another evaluation', async () => {
  const { tables } = small.options;
  const { evaluationDigest } = await small.open();
  const labels = tables.test.matrix.labels.slice();
  labels[7] = 1 - (labels[7] as number);
  const test = { ...tables.test, matrix: { ...tables.test.matrix, labels } };
  const other = await small.open({ tables: { ...tables, test }, champion: null });
  expect(other.evaluationDigest).not.toBe(evaluationDigest);
});

test('a candidate that cannot be run is told of, answers nothing and rejects', async () => {
  const { candidate } = await small.open({ candidate: withFile('model.onnx', 'cut off') });
  expect(candidate.failure).toMatch(/^The model cannot be loaded: /);
  expect(candidate.answers.every(Number.isNaN)).toBe(true);
  await expect(candidate.scorer.score(new Float32Array(4), 1)).rejects.toThrow('The model cannot be loaded');
});

test('a champion that cannot be run is refused, and so is a file that does not fit its schema', async () => {
  const { test } = small.options.tables;
  const broken = { ...withFile('model.onnx', 'cut off'), version: 1, test };
  await expect(small.open({ champion: broken })).rejects.toThrow(/^champion: received "?The model cannot be loaded/);
  for (const content of ['{', '{"schemaVersion":2}'])
    await expect(small.open({ candidate: withFile('profile.json', content) })).rejects.toThrow(InputError);
});

test('a champion with other rows is a mistake of the caller', async () => {
  const { champion, tables } = small.options;
  const rowIds = tables.test.rowIds.toReversed();
  const other = champion === null ? null : { ...champion, test: { ...tables.test, rowIds } };
  await expect(small.open({ champion: other })).rejects.toThrow(RangeError);
});
