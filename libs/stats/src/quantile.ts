/**
 * The quantile of values in ascending order, at least one: linear between the order statistics around (n - 1)
 * `probability`.
 * Source: definition 7 of R. Hyndman, Y. Fan, "Sample quantiles in statistical packages" (1996), the default of R and
 * NumPy.
 */
export function quantile(sorted: Float64Array, probability: number): number {
  const position = (sorted.length - 1) * probability;
  const below = sorted[Math.floor(position)] as number;
  const above = sorted[Math.ceil(position)] as number;
  return below + (above - below) * (position - Math.floor(position));
}
