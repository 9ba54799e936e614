import type { BenchModel } from './bench-models.ts';

/** A line of the table. */
export interface Row {
  what: string;
  /** The bound; empty for what is only shown. */
  bound: string;
  measured: string;
  /** Null for what is only shown, or was left out. */
  holds: boolean | null;
}

/** What measurements share. */
export interface Bench {
  /** Everything written goes below this folder, which is removed at the end. */
  readonly scratch: string;
  /** A model of the benchmark: its file, and the folder of plain models that holds it alone. */
  model(name: BenchModel): { file: string; repository: string };
  /** Python with FastAPI, or null where it cannot be had, which is said when it is first asked for. */
  python(): string | null;
  /** Says on standard error what is done now. */
  progress(text: string): void;
}

/** Measures, and returns the lines in the order of the table. */
export type Measurement = (bench: Bench) => Promise<Row[]>;

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** `12,345/s`. */
export const rate = (perSecond: number): string => `${whole.format(perSecond)}/s`;

/** Milliseconds with three significant digits. */
export const millis = (ms: number): string => `${Number(ms.toPrecision(3))} ms`;

export const count = (value: number): string => whole.format(value);

/** `+12 %`. */
export function change(from: number, to: number): string {
  const percent = Math.round((100 * (to - from)) / from);
  return `${percent < 0 ? '' : '+'}${percent} %`;
}
