interface Point {
  readonly size: number;
  readonly seconds: number;
}

/** How time grows with size: as its power of so much, 1 is linear. */
export interface GrowthExponents {
  /** Slope of the line through the logarithms of all points that has the least squares: what takes as long at every size makes it flatter. */
  readonly overall: number;
  /** Slope between the two largest sizes, where what a process needs to start weighs least. */
  readonly atTheEnd: number;
}

function slopeOf(points: readonly Point[]): number {
  const logs = points.map(({ size, seconds }) => [Math.log(size), Math.log(seconds)] as const);
  const mean = (axis: 0 | 1) => logs.reduce((sum, point) => sum + point[axis], 0) / logs.length;
  const [x, y] = [mean(0), mean(1)];
  const along = logs.reduce((sum, point) => sum + (point[0] - x) ** 2, 0);
  return logs.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0) / along;
}

/** Exponents of time over size, in any order. Needs two sizes. */
export function growthExponents(points: readonly Point[]): GrowthExponents {
  const largest = [...points].sort((a, b) => a.size - b.size).slice(-2);
  return { overall: slopeOf(points), atTheEnd: slopeOf(largest) };
}
