import { join } from 'node:path';
import { hostileTexts } from '@repo/contract/fixtures/hostile-texts';
import { liveTexts, readMarkdown, textOfHtml } from '@repo/contract/fixtures/read-markdown';
import { releaseResultSchema } from '@repo/contract/release-result';
import { expect, test } from 'vitest';
import { exampleJudgement, exampleRelease } from './fixtures/example-release.ts';
import { releaseSentence, renderRelease } from './render-release.ts';

/** A release whose every text is this, as far as the schema lets it come. */
function saying(text: string) {
  const image = text.slice(0, 500);
  const judgement = exampleJudgement({ reason: text });
  const metrics = judgement.metrics.map((metric) => ({ ...metric, unit: text.slice(0, 40), detail: text }));
  const stable = { podHash: text.slice(0, 63), versions: [text.slice(0, 63)] };
  const side = { podHash: text.slice(0, 63), champion: null, image };
  return releaseResultSchema.parse({
    ...exampleRelease({ reason: text, from: side, to: side, byHand: Array(50).fill(image) }),
    judgement: { ...judgement, metrics: Array(10).fill(metrics).flat(), stable, canary: stable },
  });
}

test('a rollback reads as the golden file does: what, both sides, the evidence by metric', async () => {
  const release = exampleRelease({ byHand: ['paused by ops'] });
  await expect(renderRelease(release, 'staging')).toMatchFileSnapshot(
    join(import.meta.dirname, 'fixtures', 'release.golden.md'),
  );
});

test.each([
  ['promoted', '✅ **promoted**: late-order version 2 in prod. '],
  ['undecided', '❔ **undecided**: late-order version 2 in prod. '],
] as const)('%s is said in the first line', (outcome, first) => {
  expect(renderRelease(exampleRelease({ outcome }), 'prod').startsWith(first)).toBe(true);
});

test('a release without a judgement or a side before says so', () => {
  const text = renderRelease(exampleRelease({ judgement: null, from: null }), 'prod');
  expect(text).toContain('there is no judgement of this canary');
  expect(text).toContain('| version | none | 2 |');
});

test('whatever a text holds, it becomes no markup, mention or link, and the whole keeps within its length', () => {
  for (const text of hostileTexts) {
    const markdown = renderRelease(saying(text), 'staging');
    expect(Buffer.byteLength(markdown)).toBeLessThanOrEqual(60_000);
    const html = readMarkdown(markdown);
    const tags = [...html.matchAll(/<[^>]*>/g)].map(([tag]) => tag);
    const own = /^<\/?(?:p|strong|code|ul|li|table|thead|tbody|tr|th|td)>$/;
    expect(tags.filter((tag) => !own.test(tag))).toEqual([]);
    expect(textOfHtml(html)).not.toMatch(liveTexts);
  }
});

test.each([
  ['rolled-back', 'late-order version 2 was rolled back in staging'],
  ['undecided', 'late-order version 2 was not decided about in staging'],
] as const)('%s in a sentence', (outcome, sentence) => {
  expect(releaseSentence(exampleRelease({ outcome }), 'staging')).toBe(sentence);
});
