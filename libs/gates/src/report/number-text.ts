import type { GateCheck } from '@repo/contract/gate-report';

/** A number with four digits that count, as tables show it; a dash where there is none. */
export function numberText(value: number | null, unit = ''): string {
  if (value === null) return '-';
  const whole = Number.isInteger(value) && Math.abs(value) < 1e9;
  const rounded = Number(value.toPrecision(4));
  // Plus zero: -0 reads as a fault.
  const digits =
    whole && Math.abs(value) >= 1000 ? value.toLocaleString('en-US') : String((whole ? value : rounded) + 0);
  return unit === '' ? digits : `${digits} ${unit}`;
}

/** A difference, whose sign is part of what it says. */
export const signedText = (value: number): string => (value > 0 ? `+${numberText(value)}` : numberText(value));

/** Both ends of a check's interval. */
export const intervalText = ({ interval }: GateCheck): string =>
  interval === null ? '-' : `${numberText(interval[0])} to ${numberText(interval[1])}`;

/** A check as one line, for where there is no table; of texts from outside, which are not escaped. */
export function checkLine(check: GateCheck): string {
  const limit = check.limit === null ? '' : `, ${limitText(check)} is good`;
  const number = check.value === null ? '' : ` ${numberText(check.value, check.unit)}${limit}:`;
  return `${check.name}:${number} ${check.detail}`;
}

/** Where the good side of a check ends. */
export const limitText = ({ limit, unit }: GateCheck): string =>
  limit === null ? '-' : `${limit.good} ${numberText(limit.at, unit)}`;
