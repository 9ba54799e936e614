import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ModelContract, modelContractSchema } from '@repo/contract/model-contract';
import { openDatabase } from '@repo/datasets/database';
import { evaluate } from '@repo/training/evaluate';
import { fitGradientBoosting } from '@repo/training/gradient-boosting';
import { readFeatureTable } from '@repo/training/read-feature-table';
import { scoreRaw } from '@repo/training/score';
import { pythonVenv } from './lightgbm/python-venv.ts';

const settings = { rounds: 300, leaves: 31, learningRate: 0.05, minLeafRows: 100, l2: 1, seed: 1 } as const;
const lightgbm = {
  objective: 'binary',
  num_iterations: settings.rounds,
  num_leaves: settings.leaves,
  learning_rate: settings.learningRate,
  min_data_in_leaf: settings.minLeafRows,
  lambda_l2: settings.l2,
  max_bin: 255,
  num_threads: 2,
  verbosity: -1,
};
const featuresDir = join('.causeway', 'stages', 'flight-delay', 'features');
/** Runs of each, one after the other in turn; the fastest counts, as anything slower is the machine's doing. */
const turns = 3;

interface Fit {
  seconds: number;
  /** Probabilities of the test rows, not calibrated. */
  answers: Float64Array;
}

function fitLightgbm(python: string): Fit {
  const scratch = mkdtempSync(join(tmpdir(), 'bench-train-'));
  try {
    writeFileSync(join(scratch, 'params.json'), JSON.stringify(lightgbm));
    const script = join(import.meta.dirname, 'lightgbm', 'fit.py');
    const predictions = join(scratch, 'predictions.f64');
    const printed = execFileSync(python, [script, featuresDir, join(scratch, 'params.json'), predictions], {
      encoding: 'utf8',
    });
    const bytes = readFileSync(predictions);
    return {
      seconds: (JSON.parse(printed) as Fit).seconds,
      answers: new Float64Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 8),
    };
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

async function readSplits() {
  execFileSync('causeway', ['features', 'flight-delay'], { stdio: ['ignore', 'ignore', 'inherit'] });
  const contract: ModelContract = modelContractSchema.parse(
    JSON.parse(readFileSync(join(featuresDir, 'contract.json'), 'utf8')),
  );
  const database = await openDatabase();
  try {
    const read = (split: string) => readFeatureTable(database, join(featuresDir, `${split}.parquet`), contract);
    return { train: (await read('train')).matrix, test: (await read('test')).matrix };
  } finally {
    database.close();
  }
}

/** Fits our gradient boosting and LightGBM 4.7 on the same matrix with the same settings, two threads each, and prints quality and time. */
export async function run(): Promise<void> {
  const { train, test } = await readSplits();
  const python = pythonVenv(['lightgbm==4.7.0', 'pyarrow==26.0.1', 'pandas==2.3.3', 'numpy==2.3.5']);
  const fits: Record<string, Fit> = {};
  const keep = (who: string, fit: Fit) => {
    if (fit.seconds < (fits[who]?.seconds ?? Number.POSITIVE_INFINITY)) fits[who] = fit;
  };
  for (let turn = 0; turn < turns; turn++) {
    const begun = performance.now();
    const { model } = await fitGradientBoosting(train, { ...settings, objective: 'binary' }, { threads: 2 });
    const seconds = (performance.now() - begun) / 1000;
    const raw = scoreRaw(model, test.columns, test.rows);
    keep('causeway', { seconds, answers: Float64Array.from(raw, (x) => 1 / (1 + Math.exp(-x))) });
    if (python !== null) keep('lightgbm 4.7.0', fitLightgbm(python));
  }
  console.log(
    `${train.rows} training rows, ${test.rows} test rows, ${train.columns.length} features, ${settings.rounds} rounds of ${settings.leaves} leaves, 2 threads`,
  );
  const rows = Object.entries(fits).map(([who, { seconds, answers }]) => {
    const { auc, logLoss, ece } = evaluate('binary', test.labels, answers);
    return {
      who,
      auc: auc?.toFixed(4),
      logLoss: logLoss?.toFixed(4),
      ece: ece?.toFixed(4),
      seconds: seconds.toFixed(2),
    };
  });
  console.table(rows);
  const [ours, theirs] = [fits.causeway, fits['lightgbm 4.7.0']];
  if (ours && theirs) console.log(`time: ${(ours.seconds / theirs.seconds).toFixed(2)} x LightGBM (at most 2.5)`);
}
