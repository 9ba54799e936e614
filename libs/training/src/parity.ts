import { InferenceSession, Tensor } from 'onnxruntime-node';
import { type Calibration, calibrate } from './calibration.ts';
import type { PredictionModel } from './prediction-model.ts';
import { toColumns } from './row-major.ts';
import { scoreRaw } from './score.ts';

/** Rows per run, besides the first rows, which also run one by one: a runtime may add up differently for one row. */
const batchRows = 2048;
const singleRows = 64;

/** Rows to compare on; `values` is row-major with `rows` rows. */
export interface ParityRows {
  rows: number;
  values: Float32Array;
  /** What the file was exported with. Default none. */
  calibration?: Calibration;
  /** Where a yes begins; null, the default, for answers that decide nothing. */
  threshold?: number | null;
}

/** Answers nearer to the threshold than this decide by rounding: probabilities are float32 in the file and double here. */
const rounding = 1e-6;

/** How far an ONNX file is from the trainer's own scoring. */
export interface Parity {
  rows: number;
  /** Rows whose raw score differs in any bit; must be 0 for trees and the prior. */
  rawMismatches: number;
  /** Largest absolute difference of raw scores. */
  worstRaw: number;
  /** Largest absolute difference of the final answers: probabilities, or predictions. */
  worstProbability: number;
  /** First row with a raw mismatch. */
  firstMismatch: number | null;
  /** Rows that are decided otherwise, beyond rounding. */
  flips: number;
}

/** Scores rows with ONNX Runtime at one thread and with the trainer, and compares. Throws what ONNX Runtime throws for a broken file. */
export async function checkParity(model: PredictionModel, onnx: Uint8Array, options: ParityRows): Promise<Parity> {
  const { rows, values } = options;
  const features = model.featureNames.length;
  const ours = scoreRaw(model, toColumns(values, features), rows);
  const answers = model.objective === 'binary' ? calibrate(options.calibration ?? { method: 'none' }, ours) : ours;
  const result: Parity = { rows, rawMismatches: 0, worstRaw: 0, worstProbability: 0, firstMismatch: null, flips: 0 };
  const mismatched = new Set<number>();
  const flipped = new Set<number>();
  const session = await InferenceSession.create(onnx, {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    logSeverityLevel: 3,
  });
  const compare = async (from: number, to: number) => {
    const input = new Tensor('float32', values.slice(from * features, to * features), [to - from, features]);
    const outputs = await session.run({ features: input });
    const raw = outputs.raw?.data as Float32Array;
    const answer = (outputs.probability ?? outputs.prediction)?.data as Float32Array;
    for (let i = 0; i < to - from; i++) {
      const row = from + i;
      if (!Object.is(raw[i], ours[row])) mismatched.add(row);
      result.worstRaw = worst(result.worstRaw, raw[i], ours[row]);
      result.worstProbability = worst(result.worstProbability, answer[i], answers[row]);
      if (isFlip(options.threshold ?? null, answer[i], answers[row] as number)) flipped.add(row);
    }
  };
  try {
    for (let row = 0; row < Math.min(rows, singleRows); row++) await compare(row, row + 1);
    for (let from = 0; from < rows; from += batchRows) await compare(from, Math.min(from + batchRows, rows));
  } finally {
    await session.release();
  }
  const first = [...mismatched].reduce((least, row) => Math.min(least, row), Infinity);
  return {
    ...result,
    rawMismatches: mismatched.size,
    firstMismatch: mismatched.size > 0 ? first : null,
    flips: flipped.size,
  };
}

/** Whether two answers decide otherwise, ours not being so near to the threshold that rounding decides. */
export function isFlip(threshold: number | null, theirs: number | undefined, ours: number): boolean {
  if (threshold === null || Math.abs(ours - threshold) <= rounding) return false;
  return (theirs ?? Number.NaN) >= threshold !== ours >= threshold;
}

/** The larger of `soFar` and a difference; a missing or NaN answer counts as infinitely far. */
function worst(soFar: number, theirs: number | undefined, ours: number | undefined): number {
  const difference = Math.abs((theirs ?? Number.NaN) - (ours ?? Number.NaN));
  return Number.isNaN(difference) ? Infinity : Math.max(soFar, difference);
}
