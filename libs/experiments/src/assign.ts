import { hash } from 'node:crypto';
import { InputError, show } from '@repo/contract/input-error';

/** Buckets that units fall into: shares in steps of 0.01 %. */
export const bucketCount = 10_000;

/** How units are divided. Shares in percent; the weights sum to 100. */
export interface Allocation {
  readonly salt: string;
  /** Share of units that take part. */
  readonly traffic: number;
  readonly arms: readonly { readonly name: string; readonly weight: number }[];
}

/** Where a unit stands. */
export interface Assigned {
  readonly arm: string;
  /** How probable this arm was for a unit that takes part, 0 to 1. */
  readonly propensity: number;
}

/**
 * The bucket of a unit, 0 to 9,999: the first 8 bytes of SHA-256 over `salt:unit` in UTF-8, read as a big-endian number, modulo 10,000. Any
 * language can do it; fixtures/assignment-vectors.json holds examples.
 */
export function bucketOf(salt: string, unit: string): number {
  const bytes = hash('sha256', `${salt}:${unit}`, 'buffer');
  // 2^32 leaves 7,296: the halves of the number one by one stay exact, and cost a tenth of what a BigInt does.
  return ((bytes.readUInt32BE(0) % bucketCount) * (2 ** 32 % bucketCount) + bytes.readUInt32BE(4)) % bucketCount;
}

/** The text of a unit that is hashed: a text as it is, a whole number in decimal digits. Null for what names no unit. */
export function unitText(value: unknown): string | null {
  if (typeof value === 'string') return value === '' ? null : value;
  return Number.isSafeInteger(value) ? String(value) : null;
}

interface Range extends Assigned {
  readonly from: number;
  readonly to: number;
}

/**
 * Each arm owns a stretch of the buckets as wide as its weight, in order, and takes the first part of it, as much as `traffic` says: so
 * that raising traffic takes units in and moves none from one arm to another.
 */
function rangesOf({ traffic, arms }: Allocation): Range[] {
  let from = 0;
  return arms.map(({ name, weight }) => {
    const width = Math.round(weight * 100);
    // In whole numbers, so that every language rounds alike.
    const taken = Math.floor((width * Math.round(traffic * 100)) / bucketCount);
    const range = { arm: name, propensity: width / bucketCount, from, to: from + taken };
    from += width;
    return range;
  });
}

function checkAllocation({ traffic, arms }: Allocation): void {
  const sum = arms.reduce((total, { weight }) => total + Math.round(weight * 100), 0);
  const wrong = arms.find(({ weight }) => !(weight >= 0 && weight <= 100));
  if (sum === bucketCount && wrong === undefined && traffic >= 0 && traffic <= 100) return;
  throw new InputError({
    path: 'allocation',
    received: show({ traffic, weights: arms.map(({ weight }) => weight) }),
    allowed: 'weights from 0 to 100 that sum to 100, and traffic from 0 to 100',
    action: 'correct the weights',
  });
}

/**
 * Returns the function that assigns units: null for one that does not take part. The same unit gets the same answer for good, in every
 * process. Throws InputError for weights that are none.
 */
export function createAssignment(allocation: Allocation): (unit: string) => Assigned | null {
  checkAllocation(allocation);
  const ranges = rangesOf(allocation);
  const { salt } = allocation;
  return (unit) => {
    const bucket = bucketOf(salt, unit);
    return ranges.find(({ from, to }) => bucket >= from && bucket < to) ?? null;
  };
}
