/** Seconds since `startMs`, a reading of performance.now(). */
export const secondsSince = (startMs: number): number => (performance.now() - startMs) / 1000;
