import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { canonicalJson } from '@repo/contract/canonical-json';
import { InputError, show } from '@repo/contract/input-error';
import type { ModelContract } from '@repo/contract/model-contract';
import { parseOrThrow } from '@repo/contract/parse';
import { StageFailure } from '@repo/contract/stage-failure';
import type { Training } from '@repo/contract/training';
import { z } from 'zod';
import type { Candidate } from './candidate.ts';

type Trainer = Extract<Training, { by: 'trainer' }>;

/** The last words of a program, which most often hold the reason. */
const tailBytes = 4000;

async function run(
  command: readonly string[],
  folder: string,
  timeoutMs: number,
): Promise<{ code: number | null; tail: string }> {
  const [program, ...rest] = command as [string, ...string[]];
  return new Promise((resolve, reject) => {
    const child = spawn(program, rest, { cwd: folder, timeout: timeoutMs, stdio: ['ignore', 'pipe', 'pipe'] });
    let tail = '';
    const keep = (chunk: Buffer) => {
      tail = (tail + chunk.toString()).slice(-tailBytes);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', (cause) => {
      reject(
        new InputError({
          path: 'training.command',
          received: show(command),
          allowed: 'a program that can be run',
          action: `install it or correct the command (${cause.message})`,
        }),
      );
    });
    child.on('close', (code) => resolve({ code, tail }));
  });
}

function requireSuccess(code: number | null, tail: string, { command, timeoutMs }: Trainer): void {
  if (code === 0) return;
  if (code === 2)
    throw new InputError({
      path: 'training',
      received: tail.trim() || 'exit code 2',
      allowed: 'input that the trainer accepts',
      action: 'see what the trainer says and change the definition or its params',
    });
  const how = code === null ? `was stopped after ${timeoutMs} ms` : `failed with exit code ${code}`;
  throw new StageFailure(`The trainer ${show(command)} ${how}. Its last words:\n${tail.trim()}`);
}

async function readOutput(folder: string, name: string): Promise<Buffer> {
  return readFile(join(folder, name)).catch(() => {
    throw new StageFailure(
      `The trainer exited with 0 but wrote no ${name}; it must write model.onnx, metrics.json, predictions.parquet and env.json.`,
    );
  });
}

async function readJson(folder: string, name: string): Promise<Record<string, string | number>> {
  const text = (await readOutput(folder, name)).toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new StageFailure(`The trainer's ${name} is not JSON: ${show(text)}.`);
  }
  return parseOrThrow(z.record(z.string(), z.union([z.string(), z.number()])), value, name);
}

/** What a foreign trainer produced, and the file that holds its own predictions of the validation rows. */
export interface TrainerResult {
  candidate: Candidate;
  /** Folder with predictions.parquet; the caller removes it. */
  outDir: string;
}

/**
 * Runs a program under the trainer file contract: `command... <in> <out>` in the model's folder, with train.parquet, valid.parquet, contract.json
 * and params.json in `in`; it writes model.onnx, metrics.json, predictions.parquet (row_id, answer) and env.json to `out`.
 * Exit 0 is success, 1 failure (StageFailure), 2 refusal (InputError); a program still running after `timeoutMs` is stopped.
 */
export async function runTrainer(
  training: Trainer,
  contract: ModelContract,
  featuresDir: string,
  modelDir: string,
): Promise<TrainerResult> {
  const scratch = await mkdtemp(join(tmpdir(), 'trainer-'));
  try {
    const inDir = join(scratch, 'in');
    const outDir = join(scratch, 'out');
    await Promise.all([mkdir(inDir), mkdir(outDir)]);
    await cp(join(featuresDir, 'train.parquet'), join(inDir, 'train.parquet'));
    await cp(join(featuresDir, 'validate.parquet'), join(inDir, 'valid.parquet'));
    await writeFile(join(inDir, 'contract.json'), canonicalJson(contract));
    await writeFile(join(inDir, 'params.json'), canonicalJson(training.params));
    const { code, tail } = await run([...training.command, inDir, outDir], modelDir, training.timeoutMs);
    requireSuccess(code, tail, training);
    const [onnx, metrics] = [await readOutput(outDir, 'model.onnx'), await readJson(outDir, 'metrics.json')];
    await Promise.all([readJson(outDir, 'env.json'), readOutput(outDir, 'predictions.parquet')]);
    return {
      candidate: {
        onnx: new Uint8Array(onnx),
        curve: [],
        importance: {},
        facts: { trainer: training.command.join(' '), ...metrics },
      },
      outDir,
    };
  } catch (error) {
    await rm(scratch, { recursive: true, force: true });
    throw error;
  }
}
