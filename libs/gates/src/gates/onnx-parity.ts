import { type GateCheck, Outcome } from '@repo/contract/gate-report';
import { boundaryRows } from '@repo/training/boundary-rows';
import { checkParity, isFlip, type ParityRows } from '@repo/training/parity';
import { rowMajor } from '@repo/training/row-major';
import type { TrainerReference } from '@repo/training/trainer-reference';
import type { Evidence } from '../evidence.ts';
import { factCheck } from '../fact-check.ts';
import type { Gate } from '../gate.ts';
import { limitCheck } from '../limit-check.ts';
import { makeCheck } from '../make-check.ts';

type Trees = Extract<TrainerReference, { by: 'trees' }>;
type Answers = Extract<TrainerReference, { by: 'answers' }>;

const remedy = 'model.onnx is not what was trained: train again, and look at what wrote or changed the file.';

function decisions(what: string, rows: number, flips: number): GateCheck {
  const detail = flips === 0 ? `none of ${rows} rows` : `${flips} of ${rows} rows are decided otherwise. ${remedy}`;
  return factCheck(`${what}: decisions that turn`, flips === 0, detail);
}

async function compareTrees({ model, calibration }: Trees, what: string, rows: ParityRows, evidence: Evidence) {
  const { contract, contents } = evidence.candidate;
  const options = { ...rows, calibration, threshold: contract.threshold };
  const found = await checkParity(model, contents['model.onnx'], options);
  const equal = found.rawMismatches === 0;
  return [
    factCheck(
      `${what}: raw scores`,
      equal,
      equal
        ? `${found.rows} rows are equal bit for bit`
        : `${found.rawMismatches} of ${found.rows} rows differ, first row ${found.firstMismatch}, by up to ${found.worstRaw}. ${remedy}`,
    ),
    limitCheck(evidence, 'parityDifference', {
      name: `${what}: answers`,
      value: found.worstProbability,
      found: `${found.rows} rows differ by up to ${found.worstProbability}.`,
      todo: remedy,
    }),
    decisions(what, found.rows, found.flips),
  ];
}

/** Our own trainer: the trees that it grew say what the answer to any row is, so that rows can be made on which a wrong threshold shows. */
async function byTrees(reference: Trees, evidence: Evidence): Promise<GateCheck[]> {
  const { features } = evidence.candidate.contract;
  if (reference.model.featureNames.length !== features.length)
    return [
      factCheck(
        'features',
        false,
        `The trees read ${reference.model.featureNames.length} features, the contract has ${features.length}. ${remedy}`,
      ),
    ];
  const { columns, rows } = evidence.candidate.test.matrix;
  return [
    ...(await compareTrees(reference, 'boundary rows', boundaryRows(reference.model), evidence)),
    ...(await compareTrees(reference, 'test rows', { values: rowMajor(columns, rows), rows }, evidence)),
  ];
}

/** A foreign trainer: what it predicted for validation rows, which it wrote down itself. */
async function byAnswers({ rowIds, answers }: Answers, evidence: Evidence): Promise<GateCheck[]> {
  const { candidate, tables } = evidence;
  const { rowIds: known, matrix } = tables.validate;
  const places = new Map(known.map((id, row) => [id, row]));
  const rows = rowIds.flatMap((id) => places.get(id) ?? []);
  const all = rows.length === rowIds.length && rows.length > 0;
  const named = factCheck(
    'validation rows',
    all,
    all
      ? `${rows.length} rows that the trainer predicted`
      : `${rowIds.length - rows.length} of ${rowIds.length} rows that the trainer predicted are no validation rows of this checkout. Train again.`,
  );
  if (!all) return [named];
  const columns = matrix.columns.map((column) => Float32Array.from(rows, (row) => column[row] as number));
  const given = await candidate.scorer.score(rowMajor(columns, rows.length), rows.length);
  // Of answers beyond 1 the difference is relative.
  const off = answers.map((answer, i) => Math.abs((given[i] as number) - answer) / Math.max(1, Math.abs(answer)));
  const worst = off.reduce((most, one) => (one > most || Number.isNaN(one) ? one : most), 0);
  const { threshold } = candidate.contract;
  const flips = answers.filter((answer, i) => isFlip(threshold, given[i], answer)).length;
  return [
    named,
    limitCheck(evidence, 'parityDifference', {
      name: 'validation rows: answers',
      value: worst,
      found: `${rows.length} rows differ by up to ${worst}.`,
      todo: 'Look for thresholds rounded the wrong way and missing values sent the other way.',
    }),
    decisions('validation rows', rows.length, flips),
  ];
}

/**
 * model.onnx answers what its trainer answers: for trees on both sides of every threshold and on all test rows, raw scores bit for bit;
 * for a foreign trainer on the validation rows that it predicted. Never waived. A trained model without a word of its trainer fails.
 */
export const onnxParity: Gate = {
  name: 'onnx-parity',
  run: (evidence) => {
    const { model, candidate } = evidence;
    const { trainer } = candidate;
    if (trainer?.by === 'trees') return byTrees(trainer, evidence);
    if (trainer?.by === 'answers') return byAnswers(trainer, evidence);
    if (model.training.by === 'importedOnnx')
      return [
        makeCheck('trainer', Outcome.notApplicable, {
          detail: 'An imported model comes without its trainer, so there is nothing to hold it to.',
        }),
      ];
    return [
      factCheck(
        'trainer.json',
        false,
        'The bundle does not say what its trainer answers, so that model.onnx cannot be held to it. Train again.',
      ),
    ];
  },
};
