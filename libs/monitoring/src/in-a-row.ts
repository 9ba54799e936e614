/** When a window lies: UTC microseconds, `toUs` exclusive. */
export interface Span {
  readonly fromUs: number;
  readonly toUs: number;
}

/** Windows that may be missing between two that count as one after the other: those of a weekend without traffic. */
const mostMissing = 2;

/** Whether each window comes right after the one before it, but for up to two of its own length that nobody asked anything in. */
export const areInARow = (windows: readonly Span[]): boolean =>
  windows.every(
    ({ fromUs, toUs }, i) => i === 0 || fromUs - (windows[i - 1] as Span).toUs <= mostMissing * (toUs - fromUs),
  );
