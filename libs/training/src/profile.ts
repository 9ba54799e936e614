import type { ModelContract } from '@repo/contract/model-contract';
import type { Profile } from '@repo/contract/profile';
import type { TrainingMatrix } from './training-matrix.ts';

const bins = 20;

/** Inner edges of at most 20 bins with equal shares of the finite values; equal edges are merged. */
function quantileEdges(values: ArrayLike<number>): number[] {
  const sorted = Float64Array.from(values).filter(Number.isFinite).sort();
  const edges = Array.from({ length: bins - 1 }, (_, i) => sorted[Math.floor(((i + 1) * sorted.length) / bins)]);
  return [...new Set(edges.filter((edge) => edge !== undefined))];
}

/** The 0.1 % and 99.9 % quantiles of the finite values. */
function rangeOf(values: ArrayLike<number>): [number, number] | null {
  const sorted = Float64Array.from(values).filter(Number.isFinite).sort();
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] as number;
  return sorted.length === 0 ? null : [at(0.001), at(0.999)];
}

function countInto(edges: readonly number[], values: ArrayLike<number>): number[] {
  const result = new Array<number>(edges.length + 1).fill(0);
  for (let row = 0; row < values.length; row++) {
    const value = values[row] as number;
    if (Number.isNaN(value)) continue;
    let bin = 0;
    while (bin < edges.length && value > (edges[bin] as number)) bin++;
    result[bin] = (result[bin] as number) + 1;
  }
  return result;
}

function profileFeature(
  name: string,
  categories: readonly string[] | null,
  values: Float32Array,
): Profile['features'][number] {
  const missing = values.reduce((n, value) => n + (Number.isNaN(value) ? 1 : 0), 0);
  if (categories === null) {
    const edges = quantileEdges(values);
    return { kind: 'number', name, missing, edges, counts: countInto(edges, values), range: rangeOf(values) };
  }
  const counted = new Array<number>(categories.length).fill(0);
  for (const code of values) if (!Number.isNaN(code)) counted[code] = (counted[code] as number) + 1;
  return { kind: 'category', name, missing, categories: [...categories], counts: counted };
}

/** Profiles the training rows and the model's answers to them; `outlierScores` are those of held-out rows, rising. */
export function profileOf(
  contract: ModelContract,
  matrix: TrainingMatrix,
  answers: Float32Array,
  outlierScores: number[],
): Profile {
  const edges = quantileEdges(answers);
  return {
    schemaVersion: 1,
    rows: matrix.rows,
    labelMean: matrix.labels.reduce((sum, y) => sum + y, 0) / matrix.rows,
    features: contract.features.map((f, i) => profileFeature(f.name, f.categories, matrix.columns[i] as Float32Array)),
    answers: { edges, counts: countInto(edges, answers) },
    outliers: { scores: outlierScores },
  };
}
