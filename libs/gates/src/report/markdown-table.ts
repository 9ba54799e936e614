import { markdownText } from '@repo/contract/markdown-text';

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
  // As many rows as leave room for the note; they are all there is to show once a row does not fit any more.
  let besideNote = 0;
  for (const row of rows) {
    const text = line(row);
    bytes += Buffer.byteLength(text) + 1;
    if (bytes > maxBytes) break;
    lines.push(text);
    if (bytes <= maxBytes - noteBytes) besideNote++;
  }
  const shown = bytes <= maxBytes ? rows.length : besideNote;
  if (shown === 0 && (rows.length > 0 || bytes > maxBytes)) return null;
  const left = rows.length - shown;
  const table = lines.slice(0, 2 + shown).join('\n');
  return left === 0 ? table : `${table}\n\n${left} of ${rows.length} rows left out; the whole table is in report.json.`;
}
