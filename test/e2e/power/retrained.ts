import type { BundleContents } from '@repo/contract/manifest';
import type { Model } from '@repo/contract/model';
import type { ModelContract } from '@repo/contract/model-contract';
import type { GradientBoosting } from '@repo/contract/training';
import { allGates } from '@repo/gates/all-gates';
import { openEvidence } from '@repo/gates/open-evidence';
import { runGates } from '@repo/gates/run-gates';
import type { FeatureTables } from '@repo/training/feature-table';
import { trainBoosting } from '@repo/training/train-boosting';

/** A champion, and all that is needed to train it again. */
export interface Trainable {
  model: Model;
  contract: ModelContract;
  tables: FeatureTables;
  digest: string;
  contents: BundleContents;
}

/** The same model trained with another seed, and what the gates that compare with the champion say of it. */
export interface Retrained {
  seed: number;
  champion: { answers: Float32Array };
  answers: Float32Array;
  /** Outcome by gate. */
  outcomes: Record<string, string>;
  gain: { estimate: number; lower: number; upper: number };
}

const silent = { start: () => {}, update: () => {} };
const comparing = allGates.filter(({ name }) => name === 'champion' || name === 'slices');

/** Trains the champion's definition on the same rows with another seed, calibration and all, and judges the result against the champion. */
export async function retrained(champion: Trainable, seed: number): Promise<Retrained> {
  const { model, contract, tables, digest, contents } = champion;
  const training = { ...(model.training as GradientBoosting), seed };
  const { onnx } = await trainBoosting(training, contract, tables, silent);
  const { evidence, release } = await openEvidence({
    model,
    tables,
    candidate: { version: null, digest, contents: { ...contents, 'model.onnx': onnx } },
    champion: { version: 1, digest, contents, test: tables.test },
    card: null,
    checkout: JSON.parse(Buffer.from(contents['lineage.json']).toString()),
    served: async () => [],
    rebuild: null,
  });
  try {
    const { gates, primary } = await runGates(evidence, { nightly: false, progress: silent, gates: comparing });
    if (primary.gain === null || evidence.champion === null) throw new RangeError('a retrain has a champion');
    return {
      seed,
      champion: { answers: evidence.champion.answers },
      answers: evidence.candidate.answers,
      outcomes: Object.fromEntries(gates.map(({ gate, outcome }) => [gate, outcome])),
      gain: primary.gain,
    };
  } finally {
    await release();
  }
}
