import { join } from 'node:path';
import { hostileTexts } from '@repo/contract/fixtures/hostile-texts';
import { liveTexts, readMarkdown, textOfHtml } from '@repo/contract/fixtures/read-markdown';
import type { GateReport } from '@repo/contract/gate-report';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exampleResult, exampleResults } from './fixtures/example-results.ts';
import type { JudgedModel } from './model-result.ts';
import { leastChars, renderMarkdown, verdictLine } from './render-markdown.ts';

const render = ({ report, verdict }: JudgedModel, maxChars?: number) =>
  renderMarkdown(report, verdict, maxChars === undefined ? {} : { maxChars });

/** A report whose gates all fail, of `checks` checks with 2000 characters in every text. */
function hugeResult(checks: number, text: string): JudgedModel {
  const filled = text.padEnd(2000, text === '' ? 'x' : text);
  const names = exampleResult().report.gates.map(({ gate }) => [gate, 'fail'] as const);
  const waivers = [{ gate: 'slices' as const, reason: '', approver: '', expires: '2026-01-01' }];
  const result = exampleResult({ outcomes: Object.fromEntries(names), waivers, say: () => filled });
  for (const one of result.report.gates)
    one.checks = Array.from({ length: checks }, () => one.checks[0] as GateReport['gates'][number]['checks'][number]);
  return result;
}

describe.each(Object.entries(exampleResults()))('the %s report', (name, result) => {
  test('reads as the golden file does', async () => {
    const golden = join(import.meta.dirname, 'fixtures', `${name}.golden.md`);
    await expect(render(result)).toMatchFileSnapshot(golden);
  });
});

test.each([...hostileTexts.entries()])(
  'a report that says hostile text %i everywhere becomes our own elements, without a live text',
  (_, text) => {
    const outcomes = { champion: 'fail', slices: 'inconclusive', robustness: 'fail', fairness: 'warn' } as const;
    const waivers = [{ gate: 'robustness' as const, reason: text, approver: text, expires: '2026-01-20' }];
    const html = readMarkdown(render(exampleResult({ say: () => text, outcomes, waivers })));
    const tags = [...html.matchAll(/<[^>]*>/g)].map(([tag]) => tag);
    const ours = /^<\/?(?:p|strong|table|thead|tbody|tr|th|td|code|details|summary)>$/;
    expect(tags.filter((tag) => !ours.test(tag))).toEqual([]);
    expect(html.match(/<tr>/g)).toHaveLength(2 + 5 + 6 + 4 + 3 + 28);
    expect(textOfHtml(html.replace(/<code>[^<]*<\/code>/g, ''))).not.toMatch(liveTexts);
  },
);

test('the first line tells the verdict, the primary metric, its gain and the bounds', () => {
  const { bad, waived } = exampleResults();
  expect(render(bad).split('\n')[0]).toBe(
    '❌ **fail**: flight-delay may not merge. logLoss 0.4347, champion 0.4226: gain -0.0121 (95 % bounds -0.0144 to -0.0098, margin 0.005).',
  );
  expect(render(waived)).toMatch(
    /^❔ \*\*inconclusive\*\*: flight-delay, with 1 waiver, may merge but not be promoted/,
  );
});

test('the gates that block come first, then the waived, then warnings', () => {
  const result = exampleResult({
    outcomes: { slices: 'warn', calibration: 'fail', robustness: 'inconclusive', determinism: 'fail' },
    waivers: [{ gate: 'calibration', reason: 'r', approver: 'a', expires: '2026-01-20' }],
  });
  const rows = [...render(result).matchAll(/^\| \S+ ([\w ()]+) \| `([\w-]+)` \| [^|]* \|$/gm)].map((m) => [m[2], m[1]]);
  expect(rows).toEqual([
    ['determinism', 'fail'],
    ['robustness', 'inconclusive'],
    ['calibration', 'fail (waived)'],
    ['slices', 'warn'],
  ]);
});

describe('however long a report is', () => {
  const texts = fc.oneof(fc.constantFrom(...hostileTexts, 'x', 'ж', '@a ', '🛫'), fc.string({ maxLength: 20 }));

  test('it keeps within its length, its first line whole and every gate named', () => {
    fc.assert(
      fc.property(
        texts,
        fc.integer({ min: 0, max: 500 }),
        fc.integer({ min: leastChars, max: 60_000 }),
        (text, checks, maxChars) => {
          const result = hugeResult(checks, text);
          const markdown = render(result, maxChars);
          expect(Buffer.byteLength(markdown)).toBeLessThanOrEqual(maxChars);
          expect(markdown.split('\n')[0]).toBe(verdictLine(result.report, result.verdict));
          for (const { gate } of result.verdict.blocking) expect(markdown).toContain(`| ❌ fail | \`${gate}\` | `);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('it says how many rows and parts it left out', () => {
    const markdown = render(hugeResult(500, 'x'), 60_000);
    const shown = markdown.match(/^\| ❌ fail \| `[\w-]+` \| x+…? \| /gm)?.length ?? 0;
    const left = Number(/^(\d+) of 9000 rows left out; the whole table is in report\.json\.$/m.exec(markdown)?.[1]);
    expect(left).toBe(9000 - shown);
    expect(render(hugeResult(500, '@'), leastChars)).toMatch(
      /\n\nLeft out for want of room: \d parts?; see report\.json\.\n$/,
    );
  });
});

test('a length that holds no verdict is refused', () => {
  expect(() => render(exampleResult(), leastChars - 1)).toThrow(RangeError);
});
