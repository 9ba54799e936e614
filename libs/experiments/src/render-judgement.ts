import type { Judgement, MetricJudgement } from '@repo/contract/judgement';
import { markdownText } from '@repo/contract/markdown-text';
import { plainText } from '@repo/contract/plain-text';

const head = [
  'metric',
  'outcome',
  'canary less stable',
  'interval',
  'allowed',
  'of stable',
  'of canary',
  'what was found',
];

/** A share or a distance, to a thousandth of a percent. Plus zero: -0 reads as a fault. */
const number = (value: number): string => String(Number(value.toFixed(5)) + 0);

/** The cells of a metric, texts as they come. */
function cells({ metric, outcome, effect, interval, margin, samples, detail }: MetricJudgement): string[] {
  const known = (value: number | null) => (value === null ? '-' : number(value));
  return [
    metric,
    outcome,
    known(effect),
    interval === null ? '-' : `${number(interval[0])} to ${number(interval[1])}`,
    known(margin),
    String(Math.round(samples.stable)),
    String(Math.round(samples.canary)),
    detail,
  ];
}

const sideText = ({ versions, podHash }: Judgement['stable']): string =>
  `${versions.length === 0 ? 'an unknown version' : `version ${versions.join(' and ')}`} (pods ${podHash})`;

/** Who was compared with whom, and when. */
const aboutText = ({ model, stable, canary, since, at }: Judgement): string =>
  `${model}: canary of ${sideText(canary)} against ${sideText(stable)}, from ${since} to ${at}.`;

/**
 * A judgement as Markdown for an issue or a pull request, at most 30 KB: the verdict, who was compared, and a table with a row for each metric. Shares are
 * numbers from 0 to 1. Texts from outside become inert, whatever they hold.
 */
export function judgementMarkdown(judgement: Judgement): string {
  const line = (row: readonly string[]) => `| ${row.map((cell) => markdownText(cell, 800)).join(' | ')} |`;
  const table = [line(head), `|${' --- |'.repeat(head.length)}`, ...judgement.metrics.map((row) => line(cells(row)))];
  return [
    `**${judgement.verdict}**: ${markdownText(judgement.reason)}`,
    markdownText(aboutText(judgement)),
    table.join('\n'),
    '',
  ].join('\n\n');
}

/**
 * A judgement as lines for a terminal or a log: the verdict, who was compared, then a line for each metric. Words and spaces only, and no
 * control sequence out of its texts. What was found is cut at `maxDetailChars` (default 200).
 */
export function judgementLines(judgement: Judgement, maxDetailChars = 200): string[] {
  const rows = judgement.metrics.map(({ metric, outcome, detail }) => [outcome, metric, detail] as const);
  const [outcomeChars, metricChars] = [0, 1].map((i) => Math.max(0, ...rows.map((row) => (row[i] as string).length)));
  return [
    `${judgement.verdict}: ${plainText(judgement.reason)}`,
    plainText(aboutText(judgement)),
    ...rows.map(
      ([outcome, metric, detail]) =>
        `${outcome.padEnd(outcomeChars ?? 0)}  ${metric.padEnd(metricChars ?? 0)}  ${plainText(detail, maxDetailChars)}`,
    ),
  ];
}
