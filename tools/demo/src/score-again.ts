import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { goldenSchema } from '@repo/contract/manifest';
import { modelContractSchema } from '@repo/contract/model-contract';
import { encodeRow, type RawValue } from '@repo/features/encode-row';
import { createOnnxScorer } from '@repo/training/onnx-scorer';

/** A feature as the log has it. */
export interface LoggedFeature {
  readonly name: string;
  readonly value: RawValue;
}

/** Answers of a bundle, and how far two answers to one row may lie apart. */
export interface ScoredAgain {
  readonly probabilities: Float32Array;
  readonly tolerance: number;
}

/** What the bundle in a folder answers to rows that were logged: what it would have said, or has said. Features that a row lacks are missing. */
export async function scoreAgain(
  bundleDir: string,
  rows: readonly { readonly features: readonly LoggedFeature[] }[],
): Promise<ScoredAgain> {
  const json = async (name: string) => JSON.parse(await readFile(join(bundleDir, name), 'utf8'));
  const contract = modelContractSchema.parse(await json('contract.json'));
  const { tolerance } = goldenSchema.parse(await json('golden.json'));
  const width = contract.features.length;
  const values = new Float32Array(rows.length * width);
  for (const [i, { features }] of rows.entries()) {
    const byName = new Map(features.map(({ name, value }) => [name, value]));
    values.set(
      encodeRow(
        contract,
        contract.features.map(({ name }) => byName.get(name) ?? null),
      ),
      i * width,
    );
  }
  const scorer = await createOnnxScorer(await readFile(join(bundleDir, 'model.onnx')), contract);
  try {
    return { probabilities: await scorer.score(values, rows.length), tolerance };
  } finally {
    await scorer.release();
  }
}
