import type { GateCheck } from '@repo/contract/gate-report';
import { createOnnxScorer, type OnnxScorer } from '@repo/training/onnx-scorer';
import { rowMajor } from '@repo/training/row-major';
import { spreadRows } from '@repo/training/spread-rows';
import type { Evidence, Side } from '../evidence.ts';
import { factCheck } from '../fact-check.ts';
import type { Gate } from '../gate.ts';
import { limitCheck } from '../limit-check.ts';

/** Rows that are asked for together, and those of them that are asked for one by one. */
const batchRows = 2000;
const singleRows = 200;

interface Sample {
  rows: number;
  width: number;
  values: Float32Array;
}

/** Test rows spread over the whole split, and one without any value. */
function sampleOf({ test: { matrix } }: Side): Sample {
  const places = spreadRows(matrix.rows, batchRows);
  const columns = matrix.columns.map((column) =>
    Float32Array.from([...places.map((row) => column[row] as number), Number.NaN]),
  );
  return { rows: places.length + 1, width: columns.length, values: rowMajor(columns, places.length + 1) };
}

const differing = (a: Float32Array, b: Float32Array): number =>
  a.reduce((count, value, row) => count + (Object.is(value, b[row]) ? 0 : 1), 0);

/** Of answers beyond 1 the difference is relative. */
const largest = (a: Float32Array, b: Float32Array): number =>
  a.reduce(
    (most, value, row) => Math.max(most, Math.abs(value - (b[row] as number)) / Math.max(1, Math.abs(value))),
    0,
  );

function equal(name: string, a: Float32Array, b: Float32Array): GateCheck {
  const differ = differing(a, b);
  return factCheck(
    name,
    differ === 0,
    differ === 0
      ? `${a.length} answers are equal bit for bit`
      : `${differ} of ${a.length} answers differ, by up to ${largest(a, b)}: the graph draws random numbers or keeps a state. Export it without.`,
  );
}

async function scoreSingly(scorer: OnnxScorer, { values, width, rows }: Sample): Promise<Float32Array> {
  const answers = new Float32Array(Math.min(rows, singleRows));
  for (let row = 0; row < answers.length; row++)
    answers.set(await scorer.score(values.slice(row * width, (row + 1) * width), 1), row);
  return answers;
}

/** Answers of a session of its own. */
async function answersOf({ contents, contract }: Side, sample: Sample, threads: number): Promise<Float32Array> {
  const scorer = await createOnnxScorer(contents['model.onnx'], contract, { threads });
  try {
    return await scorer.score(sample.values, sample.rows);
  } finally {
    await scorer.release();
  }
}

async function run(evidence: Evidence): Promise<GateCheck[]> {
  const { candidate } = evidence;
  const sample = sampleOf(candidate);
  const { scorer } = candidate;
  const first = await scorer.score(sample.values, sample.rows);
  const again = await scorer.score(sample.values, sample.rows);
  const single = await scoreSingly(scorer, sample);
  const fresh = await answersOf(candidate, sample, 1);
  const threaded = await answersOf(candidate, sample, 2);
  const alone = largest(single, first.subarray(0, single.length));
  const apart = largest(threaded, first);
  return [
    equal('the same rows twice', first, again),
    equal('the same rows in a session of its own', first, fresh),
    limitCheck(evidence, 'threadDifference', {
      name: 'a row alone and among others',
      value: alone,
      found: `${single.length} rows differ by up to ${alone}.`,
      todo: 'A service that batches would answer otherwise than one that does not: look for an operator that mixes rows.',
    }),
    limitCheck(evidence, 'threadDifference', {
      name: 'one thread and two',
      value: apart,
      found: `${sample.rows} rows differ by up to ${apart}.`,
      todo: 'Sums in another order may differ in the last bits only: look for numbers of very different size.',
    }),
  ];
}

/** The model answers the same rows the same way: again, in another session, alone or in a batch, and at two threads. */
export const determinism: Gate = { name: 'determinism', run };
