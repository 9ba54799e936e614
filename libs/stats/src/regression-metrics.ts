import { type Column, checkFinite, checkRows, refusal } from './column.ts';
import { mean } from './mean.ts';

/**
 * Mean of (target - prediction)^2, in the square of the target's unit.
 * Throws RangeError when a column is empty or of another length or a value is not finite.
 */
export function meanSquaredError(targets: Column, predictions: Column): number {
  return mean(errors(targets, predictions).map((error) => error * error));
}

/**
 * Mean of |target - prediction|, in the target's unit.
 * Throws RangeError when a column is empty or of another length or a value is not finite.
 */
export function meanAbsoluteError(targets: Column, predictions: Column): number {
  return mean(errors(targets, predictions).map(Math.abs));
}

/**
 * Coefficient of determination: 1 - mean squared error / variance of the targets. 1 is perfect, 0 is no better than their
 * mean, and there is no lower limit.
 * Throws RangeError when a column is empty or of another length, a value is not finite or all targets are equal.
 */
export function rSquared(targets: Column, predictions: Column): number {
  const squaredError = meanSquaredError(targets, predictions);
  const values = Float64Array.from(targets);
  const centre = mean(values);
  if (values.every((value) => value === values[0]))
    throw refusal(
      'targets',
      `${values[0]} in every row`,
      'targets that vary',
      'widen the selection, or report no R squared',
    );
  return 1 - squaredError / mean(values.map((value) => (value - centre) ** 2));
}

function errors(targets: Column, predictions: Column): Float64Array {
  checkRows({ targets, predictions });
  checkFinite('targets', targets);
  checkFinite('predictions', predictions);
  return Float64Array.from(targets, (target, row) => target - (predictions[row] as number));
}
