import { Unit } from '@repo/components/watch/dashboards/dashboard';

const digits = (value: number): string => String(Number(value.toPrecision(3)));

/** A value as a person reads it: 0.0042 seconds as 4.2 ms, a share of 0.25 as 25 %. */
export function shownValue(value: number, unit: string): string {
  if (!Number.isFinite(value)) return 'no data';
  if (unit === Unit.share) return `${digits(100 * value)} %`;
  if (unit === Unit.seconds && value < 1) return `${digits(1000 * value)} ms`;
  if (unit === Unit.seconds) return `${digits(value)} s`;
  if (unit === Unit.perSecond) return `${digits(value)}/s`;
  return value >= 10_000 ? `${digits(value / 1000)} k` : digits(value);
}
