import type { Row } from './row.ts';

const verdictOf = ({ holds }: Row): string => (holds === null ? '' : holds ? 'holds' : 'MISSED');

/** The rows as a Markdown table whose columns also line up on a terminal. `bound` says what bounds are. */
export function renderTable(rows: readonly Row[], bound = 'at least'): string {
  const heading = { what: 'what', bound, measured: 'measured', verdict: 'verdict' };
  const cells = [heading, ...rows.map((row) => ({ ...row, verdict: verdictOf(row) }))].map((row) => [
    row.what,
    row.bound,
    row.measured,
    row.verdict,
  ]);
  const widths = [0, 1, 2, 3].map((column) => Math.max(...cells.map((line) => line[column]?.length ?? 0)));
  const lines = cells.map((line) => `| ${line.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' | ')} |`);
  return [lines[0], `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`, ...lines.slice(1)].join('\n');
}
