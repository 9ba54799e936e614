/** A segment's name: `<when it was begun>-<its owner>-<number>`, so that names sort by time and no two processes choose the same. */
export interface SegmentName {
  readonly name: string;
  readonly owner: string;
  /** Still written to, or left behind by a process that ended without closing it. */
  readonly open: boolean;
}

const pattern = /^(\d{8}T\d{9}Z-([0-9a-f]{12})-\d{6})(\.open)?\.jsonl$/;

/** Name of a segment that is begun now. `number` tells those of one owner apart. */
export function newSegmentName(startedMs: number, owner: string, number: number): string {
  const stamp = new Date(startedMs).toISOString().replace(/[-:.]/g, '');
  return `${stamp}-${owner}-${String(number).padStart(6, '0')}`;
}

/** File of a segment while it is written to. */
export const openFile = (name: string): string => `${name}.open.jsonl`;

/** File of a segment that nobody writes to any more. */
export const closedFile = (name: string): string => `${name}.jsonl`;

/** Bytes of a segment that are no event: a torn tail, or a damaged line. Kept for a person to look at. */
export const tornFile = (name: string): string => `${name}.torn`;

/** What a file name of the log's folder says, or null when the file is no segment. */
export function readSegmentName(file: string): SegmentName | null {
  const [, name, owner, open] = pattern.exec(file) ?? [];
  return name === undefined || owner === undefined ? null : { name, owner, open: open !== undefined };
}
