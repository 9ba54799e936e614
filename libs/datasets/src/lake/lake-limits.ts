/** How much one file of rows holds at most. */
export interface FileLimit {
  readonly bytes: number;
  readonly rows: number;
}

/** A batch of more is refused, to be split: it is typed and written as a whole, or not at all. A year of flights has 8 MB and 337,000 rows. */
export const batchLimit: FileLimit = { bytes: 2 ** 30, rows: 20_000_000 };

/** Files are joined up to this size, and one beyond half of it is never written again. */
export const partLimit: FileLimit = { bytes: 2 ** 28, rows: 20_000_000 };

/** Whether a file is within a limit. */
export const isWithin = ({ bytes, rows }: FileLimit, limit: FileLimit): boolean =>
  bytes <= limit.bytes && rows <= limit.rows;

/** Files in groups, in their order, of which each together is within the limit; one that is larger by itself is a group of its own. */
export function groupsWithin<T extends FileLimit>(files: readonly T[], limit: FileLimit): T[][] {
  const groups: T[][] = [];
  let [bytes, rows] = [0, 0];
  for (const file of files) {
    [bytes, rows] = [bytes + file.bytes, rows + file.rows];
    const last = groups.at(-1);
    if (last !== undefined && isWithin({ bytes, rows }, limit)) last.push(file);
    else {
      groups.push([file]);
      [bytes, rows] = [file.bytes, file.rows];
    }
  }
  return groups;
}
