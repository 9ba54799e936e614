import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson } from '@repo/contract/canonical-json';
import type { BundleFile, Golden, Lineage, OptionalBundleFile } from '@repo/contract/manifest';
import type { ModelContract } from '@repo/contract/model-contract';
import { writeBundleManifest } from '@repo/registry/write-bundle-manifest';
import type { Answers } from './answer-tables.ts';
import type { Candidate } from './candidate.ts';
import type { FeatureTable, FeatureTables } from './feature-table.ts';
import type { BundleMetrics } from './measure.ts';
import { profileOf } from './profile.ts';
import { spreadRows } from './spread-rows.ts';
import type { OutlierModel } from './train-outliers.ts';

/** What goes into a bundle. */
export interface BundleContent {
  contract: ModelContract;
  candidate: Candidate;
  /** Null where no fallback of the definition asks for it. */
  compact: Uint8Array | null;
  outliers: OutlierModel;
  tables: FeatureTables;
  answers: Answers;
  metrics: BundleMetrics;
  lineage: Lineage;
}

const goldenRows = 50;

/** Rows spread evenly over the test split, with the answers that a service must give before it calls itself ready. */
function goldenOf({ matrix, rowIds }: FeatureTable, answers: Float32Array): Golden {
  const rows = spreadRows(matrix.rows, goldenRows);
  const cell = (value: number) => (Number.isNaN(value) ? null : value);
  const features = rows.map((row) => matrix.columns.map((column) => cell(column[row] as number)));
  return {
    schemaVersion: 1,
    features,
    rowIds: rows.map((row) => rowIds[row] as string),
    outputs: rows.map((row) => answers[row] as number),
    tolerance: 1e-5,
  };
}

/** Writes the files of a bundle and its manifest to a folder that it makes, and answers the bundle's digest. */
export async function writeBundle(dir: string, content: BundleContent): Promise<string> {
  const { contract, candidate, compact, outliers, tables, answers, metrics, lineage } = content;
  const json = (value: unknown) => `${canonicalJson(value)}\n`;
  const files: Record<BundleFile, string | Uint8Array> & Partial<Record<OptionalBundleFile, string | Uint8Array>> = {
    'model.onnx': candidate.onnx,
    'contract.json': json(contract),
    'profile.json': json(profileOf(contract, tables.train.matrix, answers.train, outliers.scores)),
    'golden.json': json(goldenOf(tables.test, answers.test)),
    'metrics.json': json(metrics),
    'lineage.json': json(lineage),
    'outliers.onnx': outliers.onnx,
    ...(compact === null ? {} : { 'compact.onnx': compact }),
    ...(candidate.trainer === null ? {} : { 'trainer.json': json(candidate.trainer) }),
  };
  await mkdir(dir, { recursive: true });
  for (const [name, data] of Object.entries(files)) await writeFile(join(dir, name), data, { flush: true });
  return (await writeBundleManifest(dir, contract.model)).digest;
}
