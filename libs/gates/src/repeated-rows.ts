import type { TrainingMatrix } from '@repo/training/training-matrix';

const words = 2 ** 32;

/** Mixes a word into a running hash (the finaliser of MurmurHash3, a public-domain hash by A. Appleby, on hash and word together). */
function mix(hash: number, word: number, factor: number): number {
  let mixed = Math.imul(hash ^ word, factor);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x85ebca6b);
  return mixed ^ (mixed >>> 13);
}

/** 53 bits that stand for all values of a row and its label: two rows that differ share them once in 2^53 pairs. */
function keysOf({ columns, labels, rows }: TrainingMatrix): Float64Array {
  // Missing is one value here, whatever bits it is stored in.
  const bits = [...columns, labels].map(
    (column) => new Uint32Array(column.map((value) => (Number.isNaN(value) ? Number.NaN : value + 0)).buffer),
  );
  return Float64Array.from({ length: rows }, (_, row) => {
    let high = 1;
    let low = 2;
    for (const column of bits) {
      high = mix(high, column[row] as number, 0x9e3779b1);
      low = mix(low, column[row] as number, 0xc2b2ae35);
    }
    return ((high >>> 0) % 2 ** 21) * words + (low >>> 0);
  });
}

/** Number of rows whose features and label all equal those of a row of the others. */
export function repeatedRows(rows: TrainingMatrix, others: TrainingMatrix): number {
  const known = new Set(keysOf(others));
  return keysOf(rows).reduce((count, key) => count + Number(known.has(key)), 0);
}
