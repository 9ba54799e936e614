import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const reportUsage = fileURLToPath(new URL('./report-usage.ts', import.meta.url));

/** What a process took, and what it printed. */
export interface Measured {
  /** From its start to its end. */
  readonly seconds: number;
  /** The most memory that it held. */
  readonly peakMiB: number;
  /** Of all its threads. */
  readonly cpuSeconds: number;
  readonly stdout: string;
}

/**
 * Runs a program of Node in a process of its own, to its end. Throws with what it said on standard error unless it exits with one of the
 * codes.
 */
export async function runMeasured(
  workingDir: string,
  program: string,
  args: readonly string[],
  exitCodes: readonly number[] = [0],
): Promise<Measured> {
  const begin = performance.now();
  const child = spawn(process.execPath, ['--import', reportUsage, program, ...args], {
    cwd: workingDir,
    env: { ...process.env, ORT_DISABLE_TELEMETRY: '1' },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  const streams = child.stdio.slice(1) as Readable[];
  const reading = Promise.all(streams.map((stream) => text(stream)));
  const exitCode = await new Promise<number>((resolve, reject) => child.once('error', reject).once('close', resolve));
  process.off('exit', kill);
  const seconds = (performance.now() - begin) / 1000;
  const [stdout = '', stderr = '', usage = ''] = await reading;
  if (!exitCodes.includes(exitCode)) throw new Error(`${program} ${args.join(' ')} ended with ${exitCode}: ${stderr}`);
  const { maxRSS, userCPUTime, systemCPUTime } = JSON.parse(usage) as NodeJS.ResourceUsage;
  return { seconds, peakMiB: maxRSS / 1024, cpuSeconds: (userCPUTime + systemCPUTime) / 1e6, stdout };
}
