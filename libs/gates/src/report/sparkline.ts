const bars = '▁▂▃▄▅▆▇█';

/**
 * Numbers as a line of bars that fits into a row of text, the highest bar being `highest`. What is below 0 or no number is drawn as the lowest bar,
 * what is above `highest` as the highest. Empty for no numbers.
 */
export function sparkline(values: readonly number[], highest: number): string {
  const step = highest / bars.length;
  const height = (value: number) => (value >= highest ? bars.length - 1 : Math.max(0, Math.floor(value / step) || 0));
  return values.map((value) => bars[height(value)]).join('');
}
