import { expect, test } from 'vitest';
import { createLiveView } from './live-view.ts';

const written = (isTTY: boolean) => {
  const texts: string[] = [];
  const view = createLiveView({ isTTY, write: (text) => texts.push(text) }, () => 65);
  view.chapter('October');
  for (const share of [0.1, 0.2, 0.3, 0.6, 0.9, 1]) view.progress(share, `at ${share}`);
  view.say('done');
  view.stop();
  return texts.join('');
};

test('elsewhere than on a terminal there are plain lines, of progress one at each quarter', () => {
  expect(written(false)).toBe(
    ['October', '  at 0.3', '  at 0.6', '  at 0.9', '  at 1', '  done'].map((line) => ` 1:05  ${line}\n`).join(''),
  );
});

test('on a terminal progress is drawn in place and gone before the next line', () => {
  expect(written(true).endsWith('at 1\r\x1b[K 1:05    done\n')).toBe(true);
});
