/** Processors as Kubernetes writes them: a controller that finds 1000m writes 1, and the next `up` would meet its change. */
export function processors(count: number): string {
  const milli = Math.max(1, Math.round(count * 1000));
  return milli % 1000 === 0 ? String(milli / 1000) : `${milli}m`;
}
