import { refusal } from './column.ts';

/** The largest shape or degrees of freedom: the work grows with its square root, and this is a tenth of a second. */
const LARGEST = 1e9;

/**
 * Throws RangeError unless the shape, degrees of freedom or other parameter of a distribution is above 0 and at most 1e9.
 */
export function checkPositive(name: string, value: number): void {
  if (!(value > 0 && value <= LARGEST))
    throw refusal(name, value, 'a number above 0, at most 1e9', 'check the sample size that it comes from');
}

/** Throws RangeError for NaN. */
export function checkNumber(name: string, value: number): void {
  if (typeof value !== 'number' || Number.isNaN(value))
    throw refusal(name, value, 'any number but NaN', `check the calculation of ${name}`);
}

/** Throws RangeError unless the value is a probability. */
export function checkProbability(name: string, value: number): void {
  if (!(value >= 0 && value <= 1)) throw refusal(name, value, 'a number from 0 to 1', 'pass a share, not a percentage');
}

/** Throws RangeError unless the value can be the confidence level of an interval. */
export function checkLevel(level: number): void {
  if (!(level > 0 && level < 1)) throw refusal('level', level, 'a number between 0 and 1', 'pass 0.95 for 95 %');
}

/** Throws RangeError unless the value is a whole number of at least `least`. */
export function checkCount(name: string, value: number, least = 0): void {
  if (!Number.isSafeInteger(value) || value < least)
    throw refusal(name, value, `an integer of at least ${least}`, 'pass a count of rows or events');
}
