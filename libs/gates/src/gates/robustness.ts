import { type GateCheck, Outcome } from '@repo/contract/gate-report';
import { bootstrapMany } from '@repo/stats/bootstrap-many';
import { meanOf } from '@repo/stats/mean-of';
import { createRandom } from '@repo/stats/random';
import { rowMajor } from '@repo/training/row-major';
import { selectRows, type TrainingMatrix } from '@repo/training/training-matrix';
import { byDay, daysOf } from '../by-day.ts';
import type { Evidence } from '../evidence.ts';
import type { Gate } from '../gate.ts';
import { judgedCheck } from '../judged-check.ts';
import { limitOf } from '../limit-of.ts';
import { makeCheck } from '../make-check.ts';

const noiseShare = 0.01;
/** Rows that are disturbed one feature at a time; what breaks a model breaks it on most rows. */
const probedRows = 256;
/** Sums in another order differ by this at most. */
const sameAnswer = 1e-6;
const veryLarge = 1e30;

function deviationOf(column: Float32Array): number {
  const known = column.filter((value) => !Number.isNaN(value));
  if (known.length === 0) return 0;
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  return Math.sqrt(known.reduce((sum, value) => sum + (value - mean) ** 2, 0) / known.length);
}

const score = ({ candidate }: Evidence, columns: readonly Float32Array[], rows: number) =>
  candidate.scorer.score(rowMajor(columns, rows), rows);

/** How much each answer moves: whether the decision turns, or the change in standard deviations of the answers. */
function movesOf({ candidate }: Evidence, moved: Float32Array): Float64Array {
  const { answers, contract } = candidate;
  const { threshold } = contract;
  const deviation = deviationOf(answers) || 1;
  return Float64Array.from(answers, (answer, row) => {
    const other = moved[row] as number;
    if (threshold === null) return Math.abs(other - answer) / deviation;
    return Number(answer >= threshold !== other >= threshold);
  });
}

/** Numbers are measured with noise: a little of it, seeded, must not turn decisions. */
async function noiseCheck(evidence: Evidence): Promise<GateCheck> {
  const { candidate, model } = evidence;
  const { matrix } = candidate.test;
  const random = createRandom(1);
  const columns = matrix.columns.map((column, feature) => {
    if (matrix.categorical[feature]) return column;
    const deviation = noiseShare * deviationOf(column);
    return column.map((value) => value + deviation * random.normal());
  });
  const moves = movesOf(evidence, await score(evidence, columns, matrix.rows));
  const isBinary = model.task === 'binary';
  return judgedCheck({
    name: isBinary ? 'decisions that noise turns' : 'change of answers by noise',
    interval: bootstrapMany(byDay(daysOf(candidate.test)), { moves: meanOf(moves) }).moves,
    limit: limitOf(evidence, 'noiseFlips'),
    found: `${isBinary ? 'Share of decisions' : 'Mean change, in standard deviations of the answers,'} when every number is given noise of 1 % of its standard deviation.`,
    todo: 'The model reacts to what is no information: let leaves hold more rows, or regularise.',
  });
}

/** A model that looks at other rows of the batch answers otherwise in another order. */
async function orderCheck(evidence: Evidence): Promise<GateCheck> {
  const { answers, test } = evidence.candidate;
  const random = createRandom(2);
  const order = Uint32Array.from({ length: test.matrix.rows }, (_, row) => row);
  for (let i = order.length - 1; i > 0; i--) {
    const j = random.integer(i + 1);
    [order[i], order[j]] = [order[j] as number, order[i] as number];
  }
  const shuffled = await score(evidence, selectRows(test.matrix, order).columns, order.length);
  const value = order.reduce(
    (most, row, i) => Math.max(most, Math.abs((shuffled[i] as number) - (answers[row] as number))),
    0,
  );
  const good = value <= sameAnswer;
  return makeCheck('order of rows', good ? Outcome.pass : Outcome.fail, {
    value,
    limit: { good: 'at most', at: sameAnswer },
    detail: good
      ? 'Greatest difference of an answer when rows come in another order.'
      : 'Answers depend on which rows come along: take out what normalises or ranks over the batch.',
  });
}

/** A disturbance of one feature of the probed rows. */
interface Probe {
  name: string;
  values: (matrix: TrainingMatrix, feature: number) => readonly number[];
  found: string;
  todo: string;
}

const probes: readonly Probe[] = [
  {
    name: 'a missing feature',
    values: () => [Number.NaN],
    found: 'One feature at a time is missing.',
    todo: 'A lookup fails now and then: let the model take missing values.',
  },
  {
    name: 'an unknown category',
    values: ({ categorical }, feature) => (categorical[feature] ? [Number.NaN, 9999] : []),
    found: 'One category at a time is one that training did not know.',
    todo: 'New categories come up: let the model take them as missing.',
  },
  {
    name: 'very large numbers',
    values: ({ categorical }, feature) => (categorical[feature] ? [] : [veryLarge, -veryLarge]),
    found: `One number at a time is ${veryLarge}, of either sign.`,
    todo: 'A broken sensor must not break the answer: bound the input in the graph.',
  },
];

async function probe(evidence: Evidence, { name, values, found, todo }: Probe): Promise<GateCheck> {
  const { matrix: all } = evidence.candidate.test;
  const rows = Array.from({ length: Math.min(probedRows, all.rows) }, (_, i) =>
    Math.floor((i * all.rows) / Math.min(probedRows, all.rows)),
  );
  const matrix = selectRows(all, rows);
  const broken = new Map<string, string>();
  let tried = 0;
  for (const [feature, featureName] of matrix.featureNames.entries())
    for (const value of values(matrix, feature)) {
      tried += 1;
      const columns = matrix.columns.map((column, i) => (i === feature ? column.map(() => value) : column));
      // The scorer itself refuses an answer that is not finite, or no probability.
      await score(evidence, columns, rows.length).catch((error: Error) => broken.set(featureName, error.message));
    }
  if (tried === 0) return makeCheck(name, Outcome.notApplicable, { detail: 'The model has no such feature.' });
  const [first] = broken;
  return makeCheck(name, first === undefined ? Outcome.pass : Outcome.fail, {
    value: broken.size,
    limit: { good: 'at most', at: 0 },
    unit: 'features',
    detail:
      first === undefined
        ? `${found} Every answer is finite and in range.`
        : `${found} No answer for ${[...broken.keys()].join(', ')}: ${first[1]} ${todo}`,
  });
}

/** Whether answers hold when the input is a little off, or far off. */
export const robustness: Gate = {
  name: 'robustness',
  async run(evidence) {
    const checks = [await noiseCheck(evidence), await orderCheck(evidence)];
    for (const one of probes) checks.push(await probe(evidence, one));
    return checks;
  },
};
