import type { GateCheck, GateReport } from '@repo/contract/gate-report';
import type { GateVerdict } from '@repo/contract/gate-verdict';
import { markdownText } from '@repo/contract/markdown-text';
import { figureTable } from './figure-table.ts';
import { fitSections, type Section } from './fit-sections.ts';
import { code, type MarkdownCell, markdownTable } from './markdown-table.ts';
import { intervalText, limitText, numberText } from './number-text.ts';
import { outcomeLooks } from './outcome-look.ts';
import { checksWorstFirst, gateCounts, isWaived, notGoodGates, shortDigest, worstMeasured } from './report-rows.ts';
import { verdictSentence } from './verdict-sentence.ts';
import { waiverRows } from './waiver-rows.ts';

export interface MarkdownOptions {
  /** Most characters, counted as bytes of UTF-8 so that it holds however a service counts. At least {@link leastChars}. Default 60,000: GitHub takes 65,536. */
  maxChars?: number;
}

/** Room for the verdict and a table of every gate there is. */
export const leastChars = 4000;
const defaultChars = 60_000;
const worstSlices = 5;

type OutcomeName = keyof typeof outcomeLooks;
const outcomeCell = (outcome: OutcomeName, note = ''): MarkdownCell => ({
  markdown: `${outcomeLooks[outcome].emoji} ${outcomeLooks[outcome].word}${note}`,
});

/** Value, interval and limit. A dash alone would be escaped as the beginning of a list. */
const numberCells = (check: GateCheck): MarkdownCell[] =>
  [numberText(check.value, check.unit), intervalText(check), limitText(check)].map((text) =>
    text === '-' ? { markdown: text } : text,
  );

/** The first line of everything that is said about a model: outcome, what it means, the primary metric with its gain and bounds. */
export function verdictLine(report: GateReport, verdict: GateVerdict): string {
  const { emoji, word } = outcomeLooks[verdict.outcome];
  return `${emoji} **${word}**: ${markdownText(verdictSentence(report, verdict), 1000)}`;
}

function waivers(report: GateReport, verdict: GateVerdict, maxBytes: number): string | null {
  const rows = waiverRows(report, verdict);
  if (rows.length === 0) return '';
  const cells = rows.map(({ gate, state, expires, approver, reason }) => [
    code(gate),
    state,
    expires,
    approver,
    reason,
  ]);
  const title = '**Waivers**\n\n';
  const table = markdownTable(['gate', 'state', 'last day', 'approved by', 'reason'], cells, {
    maxBytes: maxBytes - title.length,
  });
  return table && title + table;
}

/** Every gate that is not good. No row is ever left out: the summaries share what room there is. */
function gates(report: GateReport, verdict: GateVerdict, maxBytes: number): string | null {
  const rows = notGoodGates(report, verdict);
  const counts = gateCounts(report);
  if (rows.length === 0) return counts;
  const cells = rows.map((result): MarkdownCell[] => [
    outcomeCell(result.outcome, isWaived(verdict, result) ? ' (waived)' : ''),
    code(result.gate),
    result.summary,
  ]);
  const fixedBytesPerRow = 80;
  const maxCellBytes = Math.min(600, Math.max(70, Math.floor(maxBytes / 2 / rows.length) - fixedBytesPerRow));
  const table = markdownTable(['outcome', 'gate', 'what was found'], cells, { maxBytes, maxCellBytes });
  return `${table}\n\n${counts}`;
}

function slices(report: GateReport, maxBytes: number): string | null {
  const rows = worstMeasured(report, 'slices', worstSlices);
  if (rows.length === 0) return '';
  const cells = rows.map((check) => [check.name, ...numberCells(check), outcomeCell(check.outcome)]);
  const title = `**Worst ${rows.length === 1 ? 'slice' : `${rows.length} slices`}**\n\n`;
  const table = markdownTable(['slice', 'value', '95 % interval', 'limit', 'outcome'], cells, {
    maxBytes: maxBytes - title.length,
    maxCellBytes: 120,
  });
  return table && title + table;
}

function facts({ candidate, champion, evaluation }: GateReport, maxBytes: number): string | null {
  const version = (side: typeof candidate) => (side.version === null ? 'not registered' : `version ${side.version}`);
  const { rows, days, from, to } = evaluation;
  const span = `${numberText(rows)} rows of ${numberText(days)} days, ${from} to ${to}`;
  const cells: MarkdownCell[][] = [
    ['candidate', code(shortDigest(candidate.digest)), version(candidate)],
    champion === null
      ? ['champion', { markdown: '-' }, 'none yet']
      : ['champion', code(shortDigest(champion.digest)), version(champion)],
    ['test rows', code(shortDigest(evaluation.digest)), span],
  ];
  return markdownTable(['', 'digest', ''], cells, { maxBytes, maxCellBytes: 200 });
}

function allChecks(report: GateReport, maxBytes: number): string | null {
  const rows = checksWorstFirst(report);
  const start = `<details><summary>All ${rows.length} checks</summary>\n\n`;
  const end = '\n\n</details>';
  const cells = rows.map(({ gate, check }) => [
    outcomeCell(check.outcome),
    code(gate),
    check.name,
    ...numberCells(check),
    check.detail,
  ]);
  const table = markdownTable(['outcome', 'gate', 'check', 'value', 'interval', 'limit', 'detail'], cells, {
    maxBytes: maxBytes - start.length - end.length,
  });
  return table && start + table + end;
}

/**
 * One model's report for a pull request's comment or a step's summary: the verdict on line 1, then waivers, the gates that are not good, the worst
 * slices, what was compared on which rows, times and calibration of both models, and every check folded away. Tables are cut to fit, the verdict and the names of the gates never.
 * All texts of the report are inert in it (see {@link markdownText}). Throws RangeError when `maxChars` is below {@link leastChars}.
 */
export function renderMarkdown(report: GateReport, verdict: GateVerdict, options: MarkdownOptions = {}): string {
  const { maxChars = defaultChars } = options;
  if (maxChars < leastChars) throw new RangeError(`maxChars is ${maxChars}; at least ${leastChars} hold a verdict`);
  const sections: Section[] = [
    { priority: 0, render: () => verdictLine(report, verdict) },
    { priority: 3, render: (room) => waivers(report, verdict, room) },
    { priority: 1, render: (room) => gates(report, verdict, room) },
    { priority: 4, render: (room) => slices(report, room) },
    { priority: 2, render: (room) => facts(report, room) },
    { priority: 5, render: (room) => figureTable(report, room) },
    { priority: 6, render: (room) => allChecks(report, room) },
  ];
  return `${fitSections(sections, maxChars - 1)}\n`;
}
