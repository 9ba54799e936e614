import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { createFolder, openExampleLog } from './fixtures/example-log.ts';
import { filesOf, readIds } from './fixtures/read-log.ts';

const fixture = fileURLToPath(new URL('./fixtures/log-until-killed.ts', import.meta.url));

/** Runs a process that logs, kills it so many acknowledged events later and returns their ids. */
async function logUntil(dir: string, prefix: string, bytes: number): Promise<string[]> {
  const child = spawn(process.execPath, [fixture, dir, prefix], { stdio: ['ignore', 'pipe', 'inherit'] });
  let seen = 0;
  child.stdout.on('data', (chunk: Buffer) => {
    seen += chunk.byteLength;
    if (seen >= bytes) child.kill('SIGKILL');
  });
  const [output] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  return output.split('\n').filter((line) => line !== '');
}

test('an acknowledged event of a durable log outlives kill -9, once, also when its segment is compacted meanwhile', async () => {
  const dir = createFolder();
  const acknowledged: string[] = [];
  for (const [run, bytes] of [1, 900, 6000].entries()) acknowledged.push(...(await logUntil(dir, `run${run}`, bytes)));
  expect(acknowledged.length).toBeGreaterThan(300);
  const log = openExampleLog({ dir });
  // Repairs and compacts what the three left, in its thread, to which a busy machine leaves little.
  await expect.poll(() => filesOf(dir, '.jsonl'), { timeout: 90_000 }).toEqual([]);
  await log.close();
  const ids = await readIds(dir);
  expect(new Set(ids).size).toBe(ids.length);
  expect(acknowledged.filter((id) => !ids.includes(id))).toEqual([]);
  expect(log.warnings.filter((message) => !message.includes('cut off'))).toEqual([]);
}, 120_000);
