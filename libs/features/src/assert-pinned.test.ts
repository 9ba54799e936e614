import { InputError } from '@repo/contract/input-error';
import { type View, windowView } from '@repo/contract/view';
import { expect, test } from 'vitest';
import { assertPinned } from './assert-pinned.ts';
import { sampleContract, sampleViews } from './sample-history.ts';

const site = sampleViews.find(({ spec }) => spec.name === 'site-window') as View;
const again = (change: object) => {
  const { kind: _, ...spec } = site.spec;
  return windowView({ ...spec, source: site.source, ...change } as Parameters<typeof windowView>[0]);
};

test('views as they were committed pass, in any order, with new ones beside them', () => {
  assertPinned(sampleContract.views, sampleViews.toReversed());
  assertPinned([], sampleViews);
  assertPinned(sampleContract.views, [again({ about: 'other prose' })]);
});

test('a definition that changed under its version is refused, naming the view and the next version', () => {
  const changed = again({ window: '11m' });
  const error = (() => {
    try {
      return assertPinned(sampleContract.views, [...sampleViews.filter((view) => view !== site), changed]);
    } catch (e) {
      return e;
    }
  })();
  expect(error).toBeInstanceOf(InputError);
  expect((error as InputError).problems).toHaveLength(1);
  expect((error as InputError).message).toMatch(/^view site-window: .*set version to 2/);
});

test('the same change under the next version passes', () => {
  assertPinned(sampleContract.views, [again({ window: '11m', version: 2 })]);
});
