import { InputError } from '@repo/contract/input-error';
import { type Calibration, calibrate, fitPlatt, probabilityLoss } from './calibration.ts';
import { fitIsotonic } from './isotonic.ts';

const fitters: Record<Calibration['method'], (raw: Float32Array, labels: Float32Array) => Calibration> = {
  none: () => ({ method: 'none' }),
  platt: fitPlatt,
  isotonic: fitIsotonic,
};

/** The calibration with the least loss on blocks that it did not see, fitted on all rows, and the loss of each candidate. */
export interface CalibrationChoice {
  calibration: Calibration;
  /** Mean log-loss over all rows, each predicted by a fit without its block. */
  logLoss: Record<Calibration['method'], number>;
}

/**
 * Chooses among `none`, `platt` and `isotonic` by leaving one time block out at a time; ties go to the simpler one.
 * `raw` are out-of-fold scores with labels 0 and 1, `blocks` the block number of each row. Throws InputError with fewer than two blocks.
 */
export function chooseCalibration(
  raw: Float32Array,
  labels: Float32Array,
  blocks: ArrayLike<number>,
): CalibrationChoice {
  const names = [...new Set(Array.from(blocks))].sort((a, b) => a - b);
  if (names.length < 2)
    throw new InputError({
      path: 'blocks',
      received: `${names.length} blocks`,
      allowed: 'at least 2 blocks of time',
      action: 'cut the training time into more blocks',
    });
  const logLoss = { none: 0, platt: 0, isotonic: 0 };
  for (const name of names) {
    const isIn = (_: number, row: number) => blocks[row] === name;
    const isOut = (_: number, row: number) => blocks[row] !== name;
    const inside = { raw: raw.filter(isIn), labels: labels.filter(isIn) };
    const outside = { raw: raw.filter(isOut), labels: labels.filter(isOut) };
    for (const method of methods) {
      const fitted = fitters[method](outside.raw, outside.labels);
      const loss = probabilityLoss(calibrate(fitted, inside.raw), inside.labels);
      logLoss[method] += (loss * inside.labels.length) / labels.length;
    }
  }
  const best = methods.reduce((least, method) => (logLoss[method] < logLoss[least] ? method : least));
  return { calibration: fitters[best](raw, labels), logLoss };
}

const methods = ['none', 'platt', 'isotonic'] as const;
