import { expect, test } from 'vitest';
import { createProgress } from './progress.ts';

function written(isTTY: boolean, work: (progress: ReturnType<typeof createProgress>) => void): string {
  let text = '';
  const stream = {
    isTTY,
    columns: 80,
    write: (part: string) => (text += part),
    // What a bar asks of a terminal besides.
    on: () => {},
    once: () => {},
    removeListener: () => {},
  };
  const progress = createProgress(stream);
  work(progress);
  progress.stop();
  return text;
}

test('off a terminal each step is a line, and a long one tells every tenth', () => {
  const text = written(false, (progress) => {
    progress.start('read', 3);
    for (const done of [1, 2, 3]) progress.update(done);
    progress.start('boost', 30);
    for (let done = 1; done <= 30; done++) progress.update(done, `loss ${done}`);
    progress.line('a word');
  });
  const tenths = [3, 6, 9, 12, 15, 18, 21, 24, 27, 30].map((done) => `boost ${done}/30 loss ${done}`);
  expect(text).toBe(['read', 'boost', ...tenths, 'a word', ''].join('\n'));
});

test('on a terminal a step is a bar, and a line ends it first', () => {
  const text = written(true, (progress) => {
    progress.start('boost', 10);
    progress.update(10, 'loss 0.4');
    progress.line('a word');
  });
  expect(text).toContain('boost');
  expect(text).toContain('10/10 loss 0.4');
  expect(text.trimEnd().endsWith('a word')).toBe(true);
});
