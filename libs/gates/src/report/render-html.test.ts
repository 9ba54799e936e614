import { join } from 'node:path';
import { hostileTexts } from '@repo/contract/fixtures/hostile-texts';
import { describe, expect, test } from 'vitest';
import { exampleResult, exampleResults } from './fixtures/example-results.ts';
import type { JudgedModel } from './model-result.ts';
import { renderHtml } from './render-html.ts';

const render = ({ report, verdict }: JudgedModel) => renderHtml(report, verdict);
const textsOf = (svg: string) => [...svg.matchAll(/<text[^>]*>([^<]*)</g)].map((m) => m[1]).join(' | ');

/** The page with the texts of each picture in its place: coordinates are Vega's. One element a line. */
const withoutDrawings = (page: string) =>
  page
    .replace(/<svg[\s\S]*?<\/svg>/g, (svg) => `[picture: ${textsOf(svg)}]`)
    .replace(/(?<=>)(?=<(?:tr|figure|figcaption|table|h2)\b)/g, '\n');

describe.each(Object.entries(exampleResults()))('the page of the %s report', (name, result) => {
  test('reads as the golden file does', async () => {
    const golden = join(import.meta.dirname, 'fixtures', `${name}.golden.html`);
    await expect(withoutDrawings(await render(result))).toMatchFileSnapshot(golden);
  });
});

const elements = [
  ...['!doctype', 'html', 'head', 'meta', 'title', 'style', 'body', 'h1', 'h2', 'p', 'strong', 'div', 'details'],
  ...['summary', 'table', 'thead', 'tbody', 'tr', 'th', 'td', 'figure', 'figcaption', 'svg', 'g', 'path', 'text'],
  ...['rect', 'line', 'defs'],
];

test.each([...hostileTexts.entries()])(
  'a page that says hostile text %i everywhere has our own elements, and asks for nothing from elsewhere',
  async (_, text) => {
    const outcomes = { champion: 'fail', slices: 'inconclusive', 'reference-drift': 'warn' } as const;
    const waivers = [{ gate: 'champion' as const, reason: text, approver: text, expires: '2026-01-20' }];
    const page = await render(exampleResult({ say: () => text, outcomes, waivers }));
    const tags = [...page.matchAll(/<(\/?[!\w]+)([^>]*)>/g)];
    const others = tags.filter(([, tag]) => !elements.includes((tag as string).replace('/', '')));
    expect(others.map(([tag]) => tag)).toEqual([]);
    const attributes = tags.map(([, , inside]) => (inside as string).replace(/"[^"]*"/g, '""')).join(' ');
    expect(attributes).not.toMatch(/\b(?:href|src|on\w+|srcset|action|style)=/);
    const body = page.replace(/<svg[\s\S]*?<\/svg>|<style>[\s\S]*?<\/style>/g, '').replace(/<[^>]*>|\n/g, '');
    expect(body).not.toMatch(/[<>]|[\p{Cc}\p{Cf}\p{Cs}]|&(?!(?:amp|lt|gt|quot|#39);)/u);
    expect(page).toContain(
      `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    );
  },
);

test('the pictures are slices, both curves, times and drifts, each of both models where there are two', async () => {
  const pictures = [...(await render(exampleResults().bad)).matchAll(/<svg[\s\S]*?<\/svg>/g)].map(([svg]) =>
    textsOf(svg),
  );
  expect(pictures).toHaveLength(5);
  const [slices, roc, calibration, latency, drifts] = pictures as [string, string, string, string, string];
  expect(slices).toMatch(/carrier EV.*fail \| pass/);
  for (const curve of [roc, calibration, latency]) expect(curve).toMatch(/candidate \| champion/);
  expect(drifts).toMatch(/PSI.*temperature.*warn \| pass/);
  const first = [...(await render(exampleResults().first)).matchAll(/<svg[\s\S]*?<\/svg>/g)].map(([svg]) =>
    textsOf(svg),
  );
  expect(first.join()).not.toContain('candidate | champion');
});

test('every outcome stands as a word beside its colour, and as a shape in a picture', async () => {
  const page = await render(exampleResults().bad);
  for (const [row] of page.matchAll(/<tr class="[\w-]+"><td>[^<]*<\/td>/g))
    expect(row).toMatch(/<td>\S (?:fail|inconclusive|warn|pass|not applicable)( \(waived\))?<\/td>/);
  const shapes = [...page.matchAll(/aria-roledescription="point"[\s\S]*?d="([^"]*)"/g)].map((m) => m[1]);
  expect(new Set(shapes).size).toBeGreaterThan(2);
});

test('a report with nothing to draw has no pictures', async () => {
  const result = exampleResult();
  result.report.pictures = { roc: null, calibration: null, latencyMs: null };
  for (const gate of result.report.gates) gate.checks = [];
  expect(await render(result)).not.toMatch(/<svg|<figure/);
});

test('numbers that no scale holds are told, not drawn; a slice that is called NaN is', async () => {
  const result = exampleResult();
  const slices = result.report.gates.find(({ gate }) => gate === 'slices');
  for (const check of slices?.checks ?? [])
    Object.assign(check, { value: Number.MAX_VALUE, interval: [-Number.MAX_VALUE, Number.MAX_VALUE] });
  result.report.pictures.roc = { candidate: [], champion: [] };
  const page = await render(result);
  expect(page).toContain('These numbers cannot be drawn.');
  expect(page).not.toMatch(/ d="[^"]*NaN/);
  const named = exampleResult({ say: () => 'carrier NaN' });
  expect(await render(named)).not.toContain('cannot be drawn');
});
