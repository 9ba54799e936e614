import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { canonicalJson } from '@repo/contract/canonical-json';
import type { Side } from './evidence.ts';

const program = fileURLToPath(new URL('./load-probe.ts', import.meta.url));
const timeoutMs = 60_000;

/** What it costs to load a model. */
export interface LoadCost {
  /** Best of five loads: what another took more was the machine's doing. */
  loadMs: number;
  /** Resident memory that the first load and one answer took. */
  memoryMiB: number;
}

/** Loads a model in a process of its own. Throws what that process wrote when it ends otherwise than by itself, or takes over a minute. */
export async function probeLoad({ contents, contract }: Pick<Side, 'contents' | 'contract'>): Promise<LoadCost> {
  const folder = await mkdtemp(join(tmpdir(), 'load-'));
  try {
    await writeFile(join(folder, 'model.onnx'), contents['model.onnx']);
    await writeFile(join(folder, 'contract.json'), canonicalJson(contract));
    const { stdout } = await promisify(execFile)(process.execPath, [program, folder], { timeout: timeoutMs });
    const { loadMs, memoryMiB } = JSON.parse(stdout) as { loadMs: number[]; memoryMiB: number };
    return { loadMs: Math.min(...loadMs), memoryMiB };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
