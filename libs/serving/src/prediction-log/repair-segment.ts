import { closeSync, fsyncSync, ftruncateSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { closedFile, openFile, tornFile } from './segment-name.ts';

const newline = 10;

/**
 * Closes a segment whose owner is gone: cuts it after its last whole line and keeps what follows, the torn tail, in a file of its own. Safe
 * when two processes do it at the same time: both cut at the same byte, and the name changes once. Returns the bytes of the tail.
 */
export function repairSegment(dir: string, name: string): number {
  const path = join(dir, openFile(name));
  const bytes = readFileSync(path);
  const whole = bytes.lastIndexOf(newline) + 1;
  const torn = bytes.subarray(whole);
  if (torn.byteLength > 0) writeFileSync(join(dir, tornFile(name)), torn, { flush: true });
  const file = openSync(path, 'r+');
  try {
    ftruncateSync(file, whole);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(path, join(dir, closedFile(name)));
  return torn.byteLength;
}
