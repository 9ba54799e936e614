import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson } from '@repo/contract/canonical-json';
import { InputError, show } from '@repo/contract/input-error';
import type { ModelContract } from '@repo/contract/model-contract';
import { parseOrThrow } from '@repo/contract/parse';
import { StageFailure } from '@repo/contract/stage-failure';
import type { Training } from '@repo/contract/training';
import { z } from 'zod';
import type { Candidate } from './candidate.ts';
import { type ProgramEnd, runProgram } from './run-program.ts';

type Trainer = Extract<Training, { by: 'trainer' }>;

/** What a foreign trainer needs and where it may write. */
export interface TrainerRun {
  training: Trainer;
  contract: ModelContract;
  /** Folder that the features stage wrote. */
  featuresDir: string;
  /** Folder of the model, in which the program runs. */
  modelDir: string;
  /** Empty folder for the trainer's `in` and `out`; the caller removes it. */
  scratch: string;
}

const outputs = 'model.onnx, metrics.json, predictions.parquet and env.json';
const flatSchema = z.record(z.string(), z.union([z.string(), z.number()]));

function requireSuccess({ code, stopped, tail }: ProgramEnd, command: readonly string[]): void {
  if (code === 0) return;
  const words = tail.trim() || '(nothing)';
  if (code === 2)
    throw new InputError({
      path: 'training',
      received: `a refusal by the trainer: ${words}`,
      allowed: 'input that the trainer accepts',
      action: 'change the definition, its params or the data as the trainer says',
    });
  throw new StageFailure(
    `The trainer ${show(command)} ${stopped ?? `failed with exit code ${code}`}. Its last words:\n${words}`,
  );
}

async function readOutput(folder: string, name: string): Promise<Buffer> {
  return readFile(join(folder, name)).catch(() => {
    throw new StageFailure(`The trainer exited with 0 but wrote no ${name}; it must write ${outputs}.`);
  });
}

async function readFlatJson(folder: string, name: string): Promise<z.infer<typeof flatSchema>> {
  const text = (await readOutput(folder, name)).toString('utf8');
  try {
    return parseOrThrow(flatSchema, JSON.parse(text), name);
  } catch (cause) {
    throw new StageFailure(
      `The trainer's ${name} is not a JSON object of texts and numbers: ${show(text)} (${(cause as Error).message}).`,
    );
  }
}

/**
 * Runs a program under the trainer file contract of docs/training.md: `command... <in> <out>` in the model's folder, with train.parquet,
 * valid.parquet, contract.json and params.json in `in`; it writes model.onnx, metrics.json, predictions.parquet and env.json to `out`.
 * Exit 0 is success, 2 refusal (InputError), anything else failure (StageFailure), as is a program that runs longer than `timeoutMs`.
 */
export async function runTrainer(run: TrainerRun): Promise<{ candidate: Candidate; predictions: string }> {
  const { training, contract, featuresDir, modelDir, scratch } = run;
  const [inDir, outDir] = [join(scratch, 'in'), join(scratch, 'out')];
  await Promise.all([mkdir(inDir), mkdir(outDir)]);
  await cp(join(featuresDir, 'train.parquet'), join(inDir, 'train.parquet'));
  await cp(join(featuresDir, 'validate.parquet'), join(inDir, 'valid.parquet'));
  await writeFile(join(inDir, 'contract.json'), canonicalJson(contract));
  await writeFile(join(inDir, 'params.json'), canonicalJson(training.params));
  const end = await runProgram([...training.command, inDir, outDir], modelDir, training.timeoutMs);
  requireSuccess(end, training.command);
  const onnx = new Uint8Array(await readOutput(outDir, 'model.onnx'));
  const metrics = await readFlatJson(outDir, 'metrics.json');
  const environment = await readFlatJson(outDir, 'env.json');
  await readOutput(outDir, 'predictions.parquet');
  const facts = { ...metrics, trainer: training.command.join(' ') };
  return {
    candidate: { onnx, trainer: null, curve: [], importance: {}, facts, environment },
    predictions: join(outDir, 'predictions.parquet'),
  };
}
