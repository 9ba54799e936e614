import type { Judgement, MetricJudgement } from '@repo/contract/judgement';
import { markdownText } from '@repo/contract/markdown-text';
import { ReleaseOutcome, type ReleaseResult, type ReleaseSide } from '@repo/contract/release-result';
import { code, type MarkdownCell, markdownTable } from './markdown-table.ts';
import { numberText, signedText } from './number-text.ts';
import { outcomeLooks } from './outcome-look.ts';

const maxTableBytes = 20_000;
const mostByHand = 10;

const looks = {
  [ReleaseOutcome.promoted]: outcomeLooks.pass,
  [ReleaseOutcome.rolledBack]: outcomeLooks.fail,
  [ReleaseOutcome.undecided]: outcomeLooks.inconclusive,
} as const;
const words = {
  [ReleaseOutcome.promoted]: 'promoted',
  [ReleaseOutcome.rolledBack]: 'rolled back',
  [ReleaseOutcome.undecided]: 'undecided',
} as const;

/** What was released, by its version or, where champion.json is none of the cluster's any more, by its pods. */
export function releasedText({ model, to }: ReleaseResult): string {
  return to.champion === null ? `${model}, pods ${to.podHash}` : `${model} version ${to.champion.version}`;
}

/** The whole in a sentence of plain text: what became of it and where. */
export const releaseSentence = (result: ReleaseResult, environment: string): string =>
  `${releasedText(result)} was ${result.outcome === ReleaseOutcome.undecided ? 'not decided about' : words[result.outcome]} in ${environment}`;

function sidesTable({ from, to }: ReleaseResult): string {
  const sides = [from, to] as const;
  const row = (name: string, cellOf: (side: ReleaseSide) => MarkdownCell) => [
    name,
    ...sides.map((side) => (side === null ? 'none' : cellOf(side))),
  ];
  const rows = [
    row('version', ({ champion }) => String(champion?.version ?? 'not known')),
    row('bundle', ({ champion }) => (champion === null ? 'not known' : code(champion.digest))),
    row('pods', ({ podHash }) => podHash),
    row('image', ({ image }) => image),
  ];
  return markdownTable(['', 'before', 'released'], rows, { maxBytes: maxTableBytes }) as string;
}

function metricRow({
  outcome,
  metric,
  effect,
  interval,
  margin,
  unit,
  samples,
  detail,
}: MetricJudgement): MarkdownCell[] {
  const { emoji, word } = outcomeLooks[outcome];
  const withUnit = (text: string): string => (unit === '' || text === 'none' ? text : `${text} ${unit}`);
  return [
    { markdown: `${emoji} ${word}` },
    code(metric),
    withUnit(effect === null ? 'none' : signedText(effect)),
    interval === null ? 'none' : interval.map((end) => numberText(end)).join(' to '),
    withUnit(margin === null ? 'none' : numberText(margin)),
    `${numberText(samples.stable)}, ${numberText(samples.canary)}`,
    detail,
  ];
}

/** Minutes are enough, and with seconds GitHub would look for the name of an emoji. */
const timeText = (time: string): string => `${time.slice(0, 16).replace('T', ' ')} UTC`;

function judgementText(judgement: Judgement | null): string {
  if (judgement === null) return 'Nobody judged it: there is no judgement of this canary.';
  const { verdict, reason, since, at, metrics } = judgement;
  const { emoji, word } = outcomeLooks[verdict];
  const first = `The judge: ${emoji} **${word}**. ${markdownText(reason)} Looked at from ${timeText(since)} to ${timeText(at)}.`;
  const head = ['', 'metric', 'canary less stable', 'interval', 'at most', 'samples stable, canary', 'found'];
  const table = markdownTable(head, metrics.map(metricRow), { maxBytes: maxTableBytes });
  return metrics.length === 0 || table === null ? first : `${first}\n\n${table}`;
}

function byHandText({ byHand }: ReleaseResult): string[] {
  if (byHand.length === 0) return [];
  const more = byHand.length - mostByHand;
  const items = byHand.slice(0, mostByHand).map((text) => `- ${markdownText(text, 600)}`);
  return [['Done by hand meanwhile:', '', ...items, ...(more > 0 ? [`- and ${more} more`] : [])].join('\n')];
}

/**
 * How a release ended, with the judge's evidence, as Markdown of at most 60,000 bytes for an issue or a release of GitHub: a sentence, both sides, what the
 * judge found by metric, and what was done by hand. Every text of the result is taken for one from outside and made inert.
 */
export function renderRelease(result: ReleaseResult, environment: string): string {
  const { emoji } = looks[result.outcome];
  const where = `${markdownText(releasedText(result), 200)} in ${markdownText(environment, 100)}`;
  return [
    `${emoji} **${words[result.outcome]}**: ${where}. ${markdownText(result.reason)}`,
    sidesTable(result),
    judgementText(result.judgement),
    ...byHandText(result),
    `From ${timeText(result.startedAt)} to ${timeText(result.endedAt)}.`,
  ].join('\n\n');
}
