import promises, { type FileHandle } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';

/**
 * Imported before a program: at its STOP_AT-th step on files below STOP_BELOW the process is killed (STOP_HOW=kill, in the midst of a write
 * with half of it done), or that step finds the disk full (STOP_HOW=full).
 */
const { STOP_BELOW: below = '/', STOP_HOW: how = 'kill', STOP_AT: at = '0' } = process.env;
let steps = 0;

/** Whether this is the step to stop at. Where the disk is full nothing but writing and linking is refused. */
const isIt = (writes: boolean): boolean => (writes || how === 'kill') && ++steps === Number(at);

function stop(): void {
  if (how === 'kill') process.kill(process.pid, 'SIGKILL');
  throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC', syscall: 'write' });
}

function watchHandle(handle: FileHandle): FileHandle {
  const { writeFile, sync } = handle;
  handle.writeFile = async (content) => {
    if (isIt(true)) {
      const bytes = content as Uint8Array;
      await writeFile.call(handle, bytes.subarray(0, bytes.length / 2));
      stop();
    }
    await writeFile.call(handle, content);
  };
  handle.sync = async () => {
    if (isIt(false)) stop();
    await sync.call(handle);
  };
  return handle;
}

const isBelow = (path: unknown): boolean => String(path).startsWith(below);
const { open, link, mkdir, rm } = promises;
promises.open = async (path, ...rest) => {
  if (!isBelow(path)) return open(path, ...rest);
  if (isIt(false)) stop();
  return watchHandle(await open(path, ...rest));
};
promises.link = async (from, to) => {
  if (isBelow(to) && isIt(true)) stop();
  await link(from, to);
  // There, and not yet said to be.
  if (isBelow(to) && isIt(false)) stop();
};
promises.mkdir = (async (path: string, options?: object) => {
  if (isBelow(path) && isIt(false)) stop();
  return mkdir(path, options);
}) as typeof mkdir;
promises.rm = async (path, options) => {
  if (isBelow(path) && isIt(false)) stop();
  await rm(path, options);
};
syncBuiltinESMExports();
