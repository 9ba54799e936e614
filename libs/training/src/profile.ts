import type { ModelContract } from '@repo/contract/model-contract';
import { z } from 'zod';
import type { TrainingMatrix } from './training-matrix.ts';

const counts = z.array(z.int().min(0));
const feature = z.discriminatedUnion('kind', [
  /** `counts[i]` rows lie in (edges[i - 1], edges[i]]; the first and last bins are open. */
  z.strictObject({ kind: z.literal('number'), name: z.string(), missing: z.int(), edges: z.array(z.number()), counts }),
  z.strictObject({
    kind: z.literal('category'),
    name: z.string(),
    missing: z.int(),
    categories: z.array(z.string()),
    counts,
  }),
]);

/** profile.json of a bundle: what the training rows and the answers to them looked like, in fixed bins that windows of traffic can be added to. */
export const profileSchema = z.strictObject({
  schemaVersion: z.literal(1),
  rows: z.int(),
  /** Share of positives, or mean of the label. */
  labelMean: z.number(),
  features: z.array(feature),
  answers: z.strictObject({ edges: z.array(z.number()), counts }),
});
export type Profile = z.infer<typeof profileSchema>;

const bins = 20;

/** Inner edges of at most 20 bins with equal shares of the finite values; equal edges are merged. */
function quantileEdges(values: ArrayLike<number>): number[] {
  const sorted = Float64Array.from(values).filter(Number.isFinite).sort();
  const edges = Array.from({ length: bins - 1 }, (_, i) => sorted[Math.floor(((i + 1) * sorted.length) / bins)]);
  return [...new Set(edges.filter((edge) => edge !== undefined))];
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
    return { kind: 'number', name, missing, edges, counts: countInto(edges, values) };
  }
  const counted = new Array<number>(categories.length).fill(0);
  for (const code of values) if (!Number.isNaN(code)) counted[code] = (counted[code] as number) + 1;
  return { kind: 'category', name, missing, categories: [...categories], counts: counted };
}

/** Profiles the training rows and the model's answers to them. */
export function profileOf(contract: ModelContract, matrix: TrainingMatrix, answers: Float32Array): Profile {
  const edges = quantileEdges(answers);
  return {
    schemaVersion: 1,
    rows: matrix.rows,
    labelMean: matrix.labels.reduce((sum, y) => sum + y, 0) / matrix.rows,
    features: contract.features.map((f, i) => profileFeature(f.name, f.categories, matrix.columns[i] as Float32Array)),
    answers: { edges, counts: countInto(edges, answers) },
  };
}
