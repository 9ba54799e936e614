import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import autocannon from 'autocannon';
import { percentile } from './percentile.ts';

/** Connections that each send the same request again as soon as it is answered. */
export interface ClosedLoopOptions {
  url: string;
  body: Uint8Array;
  headers?: Readonly<Record<string, string>>;
  connections: number;
  seconds: number;
  /** Whether answers other than 2xx are left out of the rate, instead of being an error. */
  refusalsAllowed?: boolean;
}

/** What a load saw. */
export interface Load {
  requests: number;
  perSecond: number;
  p50Ms: number;
  p99Ms: number;
}

const script = fileURLToPath(new URL('./post.lua', import.meta.url));
const hasWrk = spawnSync('wrk', ['-v']).error === undefined;

/** What makes the load here: wrk where it is on the PATH, which costs the machine least, autocannon otherwise. */
export const loadGenerator = hasWrk ? 'wrk' : 'autocannon';

interface Seen extends Load {
  /** Answers other than 2xx; requests that got none. */
  refused: number;
  unanswered: number;
}

async function withWrk({ url, body, headers = {}, connections, seconds }: ClosedLoopOptions): Promise<Seen> {
  const scratch = await mkdtemp(join(tmpdir(), 'causeway-wrk-'));
  try {
    const file = join(scratch, 'body');
    await writeFile(file, body);
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
    const env = { ...process.env, BODY_FILE: file, HEADERS: lines.join('\n') };
    const args = ['-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '30s', '-s', script, url];
    const { stdout } = await promisify(execFile)('wrk', args, { env });
    const { microseconds, p50, p99, ...seen } = JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
    const perSecond = ((seen.requests - seen.refused) * 1e6) / microseconds;
    return { ...seen, perSecond, p50Ms: p50 / 1000, p99Ms: p99 / 1000 };
  } finally {
    await rm(scratch, { recursive: true });
  }
}

async function withAutocannon({ url, body, headers = {}, connections, seconds }: ClosedLoopOptions): Promise<Seen> {
  const millis: number[] = [];
  const options = { url, method: 'POST' as const, body: Buffer.from(body), headers, connections, duration: seconds };
  const result = await new Promise<autocannon.Result>((resolve, reject) => {
    const instance = autocannon({ ...options, timeout: 30 }, (error, done) => (error ? reject(error) : resolve(done)));
    // Its own histogram counts whole milliseconds, too coarse for a model that takes a tenth of one.
    instance.on('response', (_client, _status, _bytes, ms) => millis.push(ms));
  });
  const requests = millis.length;
  const [p50Ms, p99Ms] = [percentile(millis, 0.5), percentile(millis, 0.99)];
  const { errors: unanswered, non2xx: refused } = result;
  return { requests, perSecond: (requests - refused) / result.duration, p50Ms, p99Ms, refused, unanswered };
}

/** Loads a URL. Throws when requests went wrong: then there is nothing to compare. */
export async function closedLoop({ refusalsAllowed = false, ...options }: ClosedLoopOptions): Promise<Load> {
  const { refused, unanswered, ...load } = await (hasWrk ? withWrk(options) : withAutocannon(options));
  if (unanswered > 0 || (refused > 0 && !refusalsAllowed)) {
    const what = `${refused} of ${load.requests} answers not 2xx, ${unanswered} requests unanswered`;
    throw new Error(`${options.url}, ${options.connections} connections: ${what}`);
  }
  return load;
}
