import { canonicalJson } from '@repo/contract/canonical-json';
import type { Source } from '@repo/contract/source';
import { identifier } from '../sql-text.ts';
import { batchColumns, joinBatches, type RowFile } from './join-batches.ts';
import type { LakeFiles } from './lake-files.ts';
import { type FileLimit, groupsWithin, isWithin } from './lake-limits.ts';
import type { LakeSession } from './lake-session.ts';
import type { LakeBatch, LakeHead, LakePart, LakeSnapshot } from './lake-snapshot.ts';

/** Files of rows that a snapshot names, on this machine. */
export async function rowFiles(
  files: LakeFiles,
  { parts, batches }: Pick<LakeSnapshot, 'parts' | 'batches'>,
): Promise<RowFile[]> {
  const all = [...parts.map((part) => ({ ...part, number: null })), ...batches];
  return Array.fromAsync(all, async (one) => ({ path: await files.pathOf(one), number: one.number }));
}

async function batchesOf(files: LakeFiles, parts: readonly LakePart[]): Promise<LakeBatch[]> {
  const lists = await Array.fromAsync(parts, async (part) => [...(await files.batchesOf(part)).values()]);
  return lists.flat();
}

/** Joins batches, or parts, in one part that holds all of their rows and what the snapshots said about them. */
async function join(
  source: Source,
  files: LakeFiles,
  { parquetOf }: LakeSession,
  from: { readonly parts: LakePart[]; readonly batches: LakeBatch[] },
): Promise<LakePart> {
  const first = [...(source.eventTime === null ? [] : [source.eventTime]), ...source.key].map(identifier);
  const order = [...new Set([...first, '_observed_at', '_number'])].join(', ');
  const rows = joinBatches(source, await rowFiles(files, from));
  const content = await parquetOf(`SELECT ${batchColumns(source).join(', ')} FROM (${rows}) ORDER BY ${order}`);
  const batches = [...(await batchesOf(files, from.parts)), ...from.batches];
  const list = await files.put('parts', Buffer.from(canonicalJson(batches)), 'json');
  const numbers = batches.map(({ number }) => number);
  return {
    ...(await files.put('parts', content, 'parquet')),
    rows: batches.reduce((sum, batch) => sum + batch.rows, 0),
    level: 1 + Math.max(0, ...from.parts.map(({ level }) => level)),
    numbers: [Math.min(...numbers), Math.max(...numbers)],
    batches: { ...list, count: batches.length },
  };
}

export interface CompactOptions {
  /** As many parts of one level are joined in one of the next. */
  readonly every: number;
  /** Of a joined file; what is beyond half of it is never joined again. */
  readonly limit: FileLimit;
  /** Batches below which nothing is done. */
  readonly least: number;
}

/**
 * Joins the newest batches in one file, and files of a level in one of the next where there are many, so that a table of thousands of
 * batches is read from few files and each row is written a few times only. All rows stay, and what they correct. Answers the newest snapshot.
 */
export async function compactLake(
  source: Source,
  files: LakeFiles,
  session: LakeSession,
  { every, least, limit }: CompactOptions,
): Promise<LakeHead | null> {
  for (;;) {
    const head = await files.head();
    if (head === null || head.snapshot.batches.length < least) return head;
    const { snapshot, digest } = head;
    const joined = (from: Parameters<typeof join>[3]) => join(source, files, session, from);
    const groups = groupsWithin(snapshot.batches, limit);
    let parts = [...snapshot.parts, ...(await Array.fromAsync(groups, (batches) => joined({ parts: [], batches })))];
    const half = { bytes: limit.bytes / 2, rows: limit.rows / 2 };
    for (let level = 1; ; level++) {
      const small = parts.filter((part) => part.level === level && isWithin(part, half));
      if (small.length < every) break;
      const grown = groupsWithin(small, limit).filter(({ length }) => length > 1);
      const others = parts.filter((part) => !grown.flat().includes(part));
      const made = await Array.fromAsync(grown, (same) => joined({ parts: same, batches: [] }));
      parts = [...others, ...made].sort((a, b) => a.numbers[0] - b.numbers[0]);
    }
    const number = snapshot.number + 1;
    const compacted: LakeSnapshot = { ...snapshot, number, previous: digest, parts, batches: [] };
    if (await files.tryPublish(compacted)) return files.head();
  }
}
