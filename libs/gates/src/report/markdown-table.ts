import { markdownText } from './markdown-text.ts';

/** A cell: plain text, which is escaped, or Markdown of our own making. */
export type MarkdownCell = string | { markdown: string };

/** Text that stands in a code span; only for what cannot hold a backtick, such as a gate's name or a digest. */
export const code = (text: string): MarkdownCell => ({ markdown: `\`${text}\`` });

export interface MarkdownTableOptions {
  /** What the table may take, in bytes of UTF-8. */
  maxBytes: number;
  /** What one cell may take. Default 400. */
  maxCellBytes?: number;
}

const noteBytes = 120;

/**
 * A table with as many of its rows as there is room for, and a line that says how many were left out.
 * Null where there is no room for a single row of several; a table without rows is its head.
 */
export function markdownTable(
  head: readonly string[],
  rows: readonly (readonly MarkdownCell[])[],
  { maxBytes, maxCellBytes = 400 }: MarkdownTableOptions,
): string | null {
  const cell = (value: MarkdownCell) =>
    typeof value === 'string' ? markdownText(value, maxCellBytes) : value.markdown;
  const line = (cells: readonly MarkdownCell[]) => `| ${cells.map(cell).join(' | ')} |`;
  const lines = [line(head), `|${head.map(() => ' --- |').join('')}`];
  let bytes = Buffer.byteLength(lines.join('\n'));
  for (const [index, row] of rows.entries()) {
    const text = line(row);
    bytes += Buffer.byteLength(text) + 1;
    // The last row needs no room for a note about others.
    if (bytes > maxBytes - (index === rows.length - 1 ? 0 : noteBytes)) break;
    lines.push(text);
  }
  const shown = lines.length - 2;
  if (shown === 0 && (rows.length > 0 || bytes > maxBytes)) return null;
  const left = rows.length - shown;
  return left === 0
    ? lines.join('\n')
    : `${lines.join('\n')}\n\n${left} of ${rows.length} rows left out; the whole table is in report.json.`;
}
