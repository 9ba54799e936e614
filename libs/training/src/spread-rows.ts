/** At most `count` row numbers, rising, spread evenly over `rows` rows. */
export function spreadRows(rows: number, count: number): number[] {
  const taken = Math.min(count, rows);
  return Array.from({ length: taken }, (_, i) => Math.floor((i * rows) / taken));
}
