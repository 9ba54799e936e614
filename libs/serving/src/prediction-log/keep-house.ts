import { randomUUID } from 'node:crypto';
import { readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { compactSegment } from './compact-segment.ts';
import { keepBelow } from './keep-below.ts';
import { isGone, listOwners, removeOwner } from './owner.ts';
import { repairSegment } from './repair-segment.ts';
import { readSegmentName, type SegmentName } from './segment-name.ts';

export interface HouseOptions {
  readonly dir: string;
  /** Owner whose closed segments may be compacted although it lives: this process. */
  readonly owner: string | null;
  /** Most bytes of all closed files together. */
  readonly maxDiskBytes: number;
  readonly warn: (message: string) => void;
  /** Asked between two segments. */
  readonly stopped: () => boolean;
}

const segmentsOf = (dir: string): SegmentName[] =>
  readdirSync(dir)
    .sort()
    .flatMap((file) => readSegmentName(file) ?? []);

/** Now by the clock of the file system, which all processes that share the folder agree on. */
function fileClockMs(dir: string): number {
  const probe = join(dir, `.clock-${randomUUID()}`);
  writeFileSync(probe, '');
  const { mtimeMs } = statSync(probe);
  rmSync(probe, { force: true });
  return mtimeMs;
}

/** Files that a compaction began and was ended in; young ones may belong to one that still runs. */
function removeTemporary(dir: string, nowMs: number): void {
  const old = 600_000;
  for (const file of readdirSync(dir, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.tmp') && !basename(file).startsWith('.clock-')) continue;
    const stat = statSync(join(dir, file), { throwIfNoEntry: false });
    if (stat !== undefined && nowMs - stat.mtimeMs > old) rmSync(join(dir, file), { force: true });
  }
}

/**
 * Brings a log's folder in order: repairs what processes that are gone left open, compacts what is closed and keeps the whole below its
 * limit. It blocks, so it runs in a thread of its own. A segment that fails is left for the next time and fails no other. Two processes may
 * do it in one folder at the same time: what both do comes out the same. Returns how many files it removed for space.
 */
export function keepHouse({ dir, owner, maxDiskBytes, warn, stopped }: HouseOptions): number {
  const nowMs = fileClockMs(dir);
  const attempt = (segment: string, work: () => void): void => {
    try {
      work();
    } catch (error) {
      // Another process was faster.
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
      warn(`prediction log: ${segment}: ${error instanceof Error ? error.message : error}`);
    }
  };
  // An owner is listed before its first segment is, so that none of a new one is taken for nobody's.
  const gone = new Map<string, boolean>();
  const isFree = (of: string): boolean => {
    if (of === owner) return false;
    const known = gone.get(of) ?? isGone(dir, of, nowMs);
    gone.set(of, known);
    return known;
  };

  for (const { name, owner: of, open } of segmentsOf(dir)) {
    if (stopped()) return 0;
    if (!open || !isFree(of)) continue;
    attempt(name, () => {
      const bytes = repairSegment(dir, name);
      if (bytes > 0) warn(`prediction log: ${name}: its process ended while writing; ${bytes} bytes cut off its end`);
    });
  }
  for (const { name, owner: of, open } of segmentsOf(dir)) {
    if (stopped()) return 0;
    if (open || !(of === owner || isFree(of))) continue;
    attempt(name, () => {
      const damaged = compactSegment(dir, name);
      if (damaged > 0) warn(`prediction log: ${name}: ${damaged} damaged lines put aside`);
    });
  }
  const left = new Set(segmentsOf(dir).map((segment) => segment.owner));
  for (const name of listOwners(dir)) if (!left.has(name) && isFree(name)) removeOwner(dir, name);
  removeTemporary(dir, nowMs);
  const { files, bytes } = keepBelow(dir, maxDiskBytes);
  if (files > 0)
    warn(`prediction log: removed the oldest ${files} files, ${bytes} bytes, to stay below ${maxDiskBytes}`);
  return files;
}
