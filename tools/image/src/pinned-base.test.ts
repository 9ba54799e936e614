import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { pinnedBase } from './pinned-base.ts';

const read = (app: string) => readFileSync(new URL(`../../../apps/${app}/Dockerfile`, import.meta.url), 'utf8');
const dockerfile = read('inference');

test('the base of both images is the same, named by digest', () => {
  expect(pinnedBase(dockerfile)).toMatch(/^gcr\.io\/distroless\/\S+@sha256:[0-9a-f]{64}$/);
  expect(pinnedBase(read('pipeline'))).toBe(pinnedBase(dockerfile));
});

test.each([
  ['a tag', dockerfile.replace(/@sha256:\w+/, '')],
  ['a digest that was cut', dockerfile.replace(/\w{4}$/m, '')],
  ['no default', dockerfile.replace(/^ARG BASE=.*$/m, 'ARG BASE')],
])('%s is refused', (_, text) => {
  expect(() => pinnedBase(text)).toThrow(/ARG BASE: received .*; allowed: an image by digest/);
});
