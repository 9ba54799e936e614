import { writeSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

/** Imported before a program that {@link runMeasured} starts, and by its threads: tells it, on descriptor 3, what the process took. */
if (isMainThread) process.on('exit', () => writeSync(3, JSON.stringify(process.resourceUsage())));
