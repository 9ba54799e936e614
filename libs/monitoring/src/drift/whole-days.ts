import { mergeWindows } from '../merge-windows.ts';
import type { Window } from '../window.ts';

const dayUs = 86_400e6;

/**
 * Windows of one version, oldest first, joined where they are shorter than a day into days of UTC that are over: an hour is like no other hour of
 * its day, and how days differ is all that is known of chance. Longer ones stay as they are.
 */
export function wholeDays(windows: readonly Window[]): Window[] {
  if (windows.every(({ fromUs, toUs }) => toUs - fromUs >= dayUs)) return [...windows];
  const overUs = Math.max(...windows.map(({ toUs }) => toUs));
  return [...Map.groupBy(windows, ({ fromUs }) => Math.floor(fromUs / dayUs) * dayUs)]
    .filter(([fromUs]) => fromUs + dayUs <= overUs)
    .sort(([a], [b]) => a - b)
    .map(([fromUs, ofDay]) => ({ ...ofDay.reduce(mergeWindows), fromUs, toUs: fromUs + dayUs }));
}
