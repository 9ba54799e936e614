import { z } from 'zod';

const unitUs: Record<string, number> = { s: 1e6, m: 60e6, h: 3600e6, d: 86_400e6 };

/** A span of time written as a whole number and a unit: `30s`, `5m`, `2h`, `14d`. */
export type Duration = `${number}${'s' | 'm' | 'h' | 'd'}`;

/** Schema of a {@link Duration}; zero is allowed, signs and fractions are not. */
export const durationSchema = z.string().regex(/^\d{1,6}[smhd]$/, {
  error: 'a whole number and a unit: 30s, 5m, 2h or 14d',
}) as unknown as z.ZodType<Duration>;

/** A duration in microseconds, the unit of every time in Causeway. */
export function microseconds(duration: Duration): number {
  return Number(duration.slice(0, -1)) * (unitUs[duration.slice(-1)] as number);
}
