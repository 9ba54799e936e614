import { join } from 'node:path';
import { hostileTexts } from '@repo/contract/fixtures/hostile-texts';
import { liveTexts, readMarkdown, textOfHtml } from '@repo/contract/fixtures/read-markdown';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { exampleResult, exampleResults } from './fixtures/example-results.ts';
import type { ModelResult } from './model-result.ts';
import { renderComment } from './render-comment.ts';
import { leastChars, renderMarkdown } from './render-markdown.ts';

const broken = {
  model: 'echo',
  problem: 'gates.margin: received -1; allowed: a number above 0; correct it\nsplit: received nothing',
};

test('one model is shown as its report is', () => {
  const { report, verdict } = exampleResult();
  expect(renderComment([{ report, verdict }])).toBe(renderMarkdown(report, verdict));
});

test('several models read as the golden file does: counted on line 1, the worst first, one without a report as failed', async () => {
  const { good, inconclusive } = exampleResults();
  const results = [good, exampleResult({ model: 'on-time', outcomes: { slices: 'fail' } }), inconclusive, broken];
  const comment = renderComment(results);
  expect(comment.split('\n')[0]).toBe('❌ **fail**: 4 models: 2 fail, 1 inconclusive, 1 pass.');
  await expect(comment).toMatchFileSnapshot(join(import.meta.dirname, 'fixtures', 'comment.golden.md'));
});

test('a pull request that touches no model passes', () => {
  expect(renderComment([])).toBe('✅ **pass**: no model to judge.\n');
});

test('the order of the models does not depend on who was judged first', () => {
  const results = [exampleResult({ model: 'b' }), broken, exampleResult({ model: 'a' })];
  expect(renderComment(results.toReversed())).toBe(renderComment(results));
});

test('a model without a report says why, one line a problem, inert', () => {
  for (const problem of hostileTexts) {
    const html = readMarkdown(renderComment([{ model: problem.slice(0, 40), problem }]));
    const tags = [...html.matchAll(/<[^>]*>/g)].map(([tag]) => tag);
    expect(tags.filter((tag) => !/^<\/?(?:p|strong|br)>$/.test(tag))).toEqual([]);
    expect(textOfHtml(html)).not.toMatch(liveTexts);
  }
  expect(renderComment([broken])).toBe(
    '❌ **fail**: echo could not be judged.\n\ngates.margin: received -1; allowed: a number above 0; correct it<br>\nsplit: received nothing\n',
  );
});

test('however many models there are, the comment keeps within its length and tells each verdict, or how many it left out', () => {
  const { bad, good, hostile } = exampleResults();
  const result = fc.constantFrom<ModelResult[]>(bad, good, hostile, broken, { model: 'x', problem: '@'.repeat(9000) });
  fc.assert(
    fc.property(
      fc.array(result, { maxLength: 80 }),
      fc.integer({ min: leastChars, max: 65_535 }),
      (results, maxChars) => {
        const comment = renderComment(results, { maxChars });
        expect(Buffer.byteLength(comment)).toBeLessThanOrEqual(maxChars);
        if (results.length < 2) return;
        const left = Number(/\n\nLeft out for want of room: (\d+) models?\.\n$/.exec(comment)?.[1] ?? 0);
        expect((comment.match(/^### /gm) ?? []).length + left).toBe(results.length);
        expect((comment.match(/^\S+ \*\*(?:fail|inconclusive|pass)\*\*: /gm) ?? []).length).toBe(
          results.length - left + 1,
        );
      },
    ),
    { numRuns: 40 },
  );
});

test('a length that holds no verdict is refused', () => {
  expect(() => renderComment([], { maxChars: leastChars - 1 })).toThrow(RangeError);
});
