/** Sums are kept in billionths of a unit. */
const scale = 1e9;

/**
 * SQL of the sum of an expression as a whole number, which is the same in whatever order DuckDB's threads meet the rows; read by
 * {@link readExactSum}. A null adds nothing.
 */
export const exactSum = (sql: string): string => `sum(CAST(round(${scale} * (${sql})) AS HUGEINT))`;

/** The sum that {@link exactSum} gave; 0 of no rows. */
export const readExactSum = (value: unknown): number => Number(value ?? 0) / scale;
