import { formatInstant } from '@repo/contract/instant';
import type { WeekQuality } from '../week-quality.ts';

/** Realised log-loss of each week as a point with its interval. */
export function weekChart(weeks: readonly WeekQuality[]): string {
  const [width, height, left, bottom, top] = [920, 300, 50, 30, 10];
  const highest = Math.max(...weeks.map(({ logLoss }) => logLoss.upper)) * 1.05;
  const x = (i: number) => left + ((i + 0.5) * (width - left)) / weeks.length;
  const y = (value: number) => height - bottom - ((height - bottom - top) * value) / highest;
  const points = weeks.map(({ logLoss: { estimate, lower, upper }, fromUs }, i) => {
    const label = formatInstant(fromUs).slice(5, 10);
    return `<line class="ink" x1="${x(i)}" x2="${x(i)}" y1="${y(lower)}" y2="${y(upper)}"/><circle class="dot" cx="${x(i)}" cy="${y(estimate)}" r="5"/><text x="${x(i)}" y="${height - 8}" text-anchor="middle">${label}</text>`;
  });
  return `<svg viewBox="0 0 ${width} ${height}" role="img">${points.join('')}</svg>`;
}
