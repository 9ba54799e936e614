import { hostileTexts } from '@repo/contract/fixtures/hostile-texts';
import { liveTexts, readMarkdown, textOfHtml } from '@repo/contract/fixtures/read-markdown';
import { type Judgement, judgementSchema } from '@repo/contract/judgement';
import { expect, test } from 'vitest';
import { exampleEvidence, exampleModel } from './fixtures/example-evidence.ts';
import { judgeCanary } from './judge-canary.ts';
import { judgementLines, judgementMarkdown } from './render-judgement.ts';

const failed: Judgement = judgementSchema.parse({
  schemaVersion: 1,
  model: 'flight-delay',
  stable: { podHash: '6f7d', versions: ['1'] },
  canary: { podHash: '59c8', versions: ['2'] },
  since: '2026-01-01T00:00:00Z',
  at: '2026-01-01T00:02:00Z',
  ...judgeCanary(exampleModel, { ...exampleEvidence(300, { errors: 30 }), agreement: null }),
});

test('Markdown says the verdict, who was compared, and every metric in a row of the table', () => {
  expect(judgementMarkdown(failed)).toMatchInlineSnapshot(`
    "**fail**: errors: 10 % of 300 canary requests failed or were late, 0.667 % of 300 stable ones: the effect is at least 0.838 %, 0.1 % is allowed.

    flight-delay: canary of version 2 (pods 59c8) against version 1 (pods 6f7d), from 2026-01-01T00:&#8203;00:&#8203;00Z to 2026-01-01T00:&#8203;02:&#8203;00Z.

    | metric | outcome | canary less stable | interval | allowed | of stable | of canary | what was found |
    | --- | --- | --- | --- | --- | --- | --- | --- |
    | errors | fail | 0.09333 | 0.00838 to 0.2057 | 0.001 | 300 | 300 | 10 % of 300 canary requests failed or were late, 0.667 % of 300 stable ones: the effect is at least 0.838 %, 0.1 % is allowed. |
    | latency | inconclusive | 0 | -0.01 to 0.07593 | 0.01 | 300 | 300 | 1 % of 300 canary requests took longer than 33.3 ms, which 1 % of 300 stable ones exceeded: not settled before 1000 were seen: up to 7.59 % is not excluded, 1 % is allowed. |
    | scores | inconclusive | 0 | 0 to 0.21921 | 0.15 | 301 | 301 | the shares of scores up to 0.1 differ by 0 %: not settled before 1000 were seen: up to 21.9 % is not excluded, 15 % is allowed. |
    | fallback | inconclusive | 0 | -0.04547 to 0.04547 | 0.005 | 300 | 300 | 1 % of 300 canary predictions were answered by a lower level, 1 % of 300 stable ones: not settled before 1000 were seen: up to 4.55 % is not excluded, 0.5 % is allowed. |
    | agreement | inconclusive | &#45; | &#45; | &#45; | 0 | 0 | No logged prediction of the canary was scored again. |
    | refused | pass | 0 | -0.03209 to 0.03209 | 0.01 | 300 | 300 | 0 % of 300 canary requests were refused, 0 % of 300 stable ones: nothing speaks against it, though up to 3.21 % is not excluded, 1 % is allowed. |
    | sample-ratio | pass | 0 | -0.092 to 0.092 | 0.1 | 300 | 300 | 50 % of 600 requests reached the canary, which had 50 % of the replicas: as it should be. |

    "
  `);
});

test('lines for a terminal have a column for outcome and metric', () => {
  expect(judgementLines(failed, 60)).toMatchInlineSnapshot(`
    [
      "fail: errors: 10 % of 300 canary requests failed or were late, 0.667 % of 300 stable ones: the effect is at least 0.838 %, 0.1 % is allowed.",
      "flight-delay: canary of version 2 (pods 59c8) against version 1 (pods 6f7d), from 2026-01-01T00:00:00Z to 2026-01-01T00:02:00Z.",
      "fail          errors        10 % of 300 canary requests failed or were late, 0.667 % of…",
      "inconclusive  latency       1 % of 300 canary requests took longer than 33.3 ms, which …",
      "inconclusive  scores        the shares of scores up to 0.1 differ by 0 %: not settled b…",
      "inconclusive  fallback      1 % of 300 canary predictions were answered by a lower leve…",
      "inconclusive  agreement     No logged prediction of the canary was scored again.",
      "pass          refused       0 % of 300 canary requests were refused, 0 % of 300 stable …",
      "pass          sample-ratio  50 % of 600 requests reached the canary, which had 50 % of …",
    ]
  `);
});

test.each(hostileTexts)('the text %j is text and nothing else', (text) => {
  const metrics = failed.metrics.map((row) => ({ ...row, detail: text, unit: text }));
  const sides = { podHash: text, versions: [text, text] };
  const markdown = judgementMarkdown({ ...failed, reason: text, stable: sides, canary: sides, metrics });
  const html = readMarkdown(markdown);
  expect(html.match(/<tr>/g)).toHaveLength(1 + metrics.length);
  expect(textOfHtml(html)).not.toMatch(liveTexts);
  expect(html).not.toMatch(/<(?!\/?(?:p|strong|table|thead|tbody|tr|th|td)>)/);
  expect(Buffer.byteLength(markdown)).toBeLessThan(30_000);
});

test('a judgement of the largest size stays below 30 KB', () => {
  const [row] = failed.metrics as [Judgement['metrics'][number]];
  const metrics = Array.from({ length: 20 }, () => ({ ...row, detail: '|'.repeat(2000) }));
  const markdown = judgementMarkdown({ ...failed, reason: '<'.repeat(2000), metrics });
  expect(Buffer.byteLength(markdown)).toBeLessThan(30_000);
  expect(readMarkdown(markdown).match(/<tr>/g)).toHaveLength(21);
});

test('no line holds a control sequence or an end of line', () => {
  const detail = 'x\u001b[31m\nred';
  for (const line of judgementLines({
    ...failed,
    reason: detail,
    metrics: failed.metrics.map((row) => ({ ...row, detail })),
  }))
    expect(line).toMatch(/^[\x20-\x7e]*$/);
});

test('a judgement without metrics has a table without rows', () => {
  expect(readMarkdown(judgementMarkdown({ ...failed, metrics: [] })).match(/<tr>/g)).toHaveLength(1);
  expect(judgementLines({ ...failed, metrics: [] })).toHaveLength(2);
});
