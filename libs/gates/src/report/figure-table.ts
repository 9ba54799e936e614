import type { GateReport } from '@repo/contract/gate-report';
import { type MarkdownCell, markdownTable } from './markdown-table.ts';
import { numberText } from './number-text.ts';
import { sparkline } from './sparkline.ts';

type Points = readonly (readonly [number, number])[];
type Sides = NonNullable<GateReport['pictures'][keyof GateReport['pictures']]>;

/** More bars would break the line of a narrow screen. The gates make 15 bins. */
const mostBars = 20;

/** The time that a share of the rows takes at most: of the points (share, ms), which rise, the first that reaches it. */
function timeAt(points: Points, share: number): string {
  const found = points.find(([at]) => at >= share);
  return found === undefined ? '-' : numberText(found[1], 'ms');
}

/** Predicted and observed shares of the bins under one scale: of a calibrated model both lines look the same. */
function calibrationText(points: Points): string {
  const shown = points.slice(0, mostBars);
  const highest = Math.max(...shown.flat());
  if (shown.length === 0 || !(highest > 0)) return '-';
  const line = (place: 0 | 1) =>
    sparkline(
      shown.map((point) => point[place]),
      highest,
    );
  return `\`${line(0)}\` predicted, \`${line(1)}\` observed, up to ${numberText(highest)}`;
}

function row(name: string, sides: Sides | null, text: (points: Points) => string): MarkdownCell[][] {
  if (sides === null) return [];
  const cell = (points: Points | null): MarkdownCell => ({ markdown: points === null ? '-' : text(points) });
  return [[name, cell(sides.candidate), cell(sides.champion)]];
}

/**
 * What the pictures of a report say, in a table of text: how long a row takes, and calibration as two lines of bars. Empty for a report without these
 * pictures, null where `maxBytes` is too little. Holds numbers only, so that there is nothing to escape.
 */
export function figureTable({ pictures: { latencyMs, calibration } }: GateReport, maxBytes: number): string | null {
  const rows = [
    ...row('time of one row: half, 99 %', latencyMs, (points) => `${timeAt(points, 0.5)}, ${timeAt(points, 0.99)}`),
    ...row('calibration, by rising answers', calibration, calibrationText),
  ];
  return rows.length === 0 ? '' : markdownTable(['', 'candidate', 'champion'], rows, { maxBytes });
}
