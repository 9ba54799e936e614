import type { Calibration } from './calibration.ts';

interface Block {
  scoreSum: number;
  labelSum: number;
  rows: number;
}

/** Blocks of equal scores, ascending. */
function tiedBlocks(raw: Float32Array, labels: Float32Array): Block[] {
  const order = Uint32Array.from(raw.keys()).sort((a, b) => (raw[a] as number) - (raw[b] as number) || a - b);
  const blocks: Block[] = [];
  let previous = Number.NaN;
  for (const row of order) {
    const score = raw[row] as number;
    if (score !== previous) blocks.push({ scoreSum: 0, labelSum: 0, rows: 0 });
    const block = blocks.at(-1) as Block;
    block.scoreSum += score;
    block.labelSum += labels[row] as number;
    block.rows += 1;
    previous = score;
  }
  return blocks;
}

/**
 * Least-squares non-decreasing fit of labels by score: pool adjacent violators (Barlow et al., 1972). Rows of equal score are pooled first.
 * Returns the pooled blocks in ascending order of score and mean label.
 */
export function poolAdjacentViolators(raw: Float32Array, labels: Float32Array): Block[] {
  const pooled: Block[] = [];
  for (const block of tiedBlocks(raw, labels)) {
    pooled.push(block);
    while (pooled.length > 1) {
      const last = pooled.at(-1) as Block;
      const before = pooled.at(-2) as Block;
      if (before.labelSum * last.rows < last.labelSum * before.rows) break;
      before.scoreSum += last.scoreSum;
      before.labelSum += last.labelSum;
      before.rows += last.rows;
      pooled.pop();
    }
  }
  return pooled;
}

/**
 * Isotonic calibration with straight lines between the mean scores of the pooled blocks, so that it is continuous and keeps the ranking inside a block.
 * Probabilities stay within [1 / (n + 2), (n + 1) / (n + 2)]: n rows cannot show that anything is certain.
 */
export function fitIsotonic(raw: Float32Array, labels: Float32Array): Calibration {
  const least = 1 / (labels.length + 2);
  const scores: number[] = [];
  const probabilities: number[] = [];
  for (const { scoreSum, labelSum, rows } of poolAdjacentViolators(raw, labels)) {
    const score = Math.fround(scoreSum / rows);
    const probability = Math.fround(Math.min(Math.max(labelSum / rows, least), 1 - least));
    // Neighbouring means may round to one float32; the later block wins, which keeps both lists ascending.
    if (score === scores.at(-1)) probabilities[probabilities.length - 1] = probability;
    else {
      scores.push(score);
      probabilities.push(probability);
    }
  }
  return { method: 'isotonic', scores, probabilities };
}
