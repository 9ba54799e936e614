import type { Window } from '../window.ts';

/** The window of a span in which nobody answered, in the bins of another one. */
function emptyWindow(like: Window, fromUs: number, toUs: number): Window {
  const { schemaVersion, model, version, answers, labels } = like;
  const none = answers.map(() => 0);
  const numbers = Object.entries(labels).map(([name, value]) => [name, Array.isArray(value) ? none : 0]);
  return {
    ...{ schemaVersion, model, version, fromUs, toUs, rows: 0, features: {}, levels: {}, answers: none, yes: 0 },
    outliers: { judged: 0, found: 0 },
    labels: Object.fromEntries(numbers) as Window['labels'],
  };
}

/**
 * Windows, oldest first, with an empty one for each span between the first of them and `endUs` that none is of: nobody asked, or the service was
 * away. Spans are as long as the newest window. None of no windows.
 */
export function withSilentSpans(windows: readonly Window[], endUs: number): Window[] {
  const newest = windows.at(-1);
  if (newest === undefined) return [];
  const lengthUs = newest.toUs - newest.fromUs;
  const all: Window[] = [];
  let reachedUs = windows[0]?.fromUs ?? endUs;
  const silent = (untilUs: number): void => {
    for (; reachedUs + lengthUs <= untilUs; reachedUs += lengthUs)
      all.push(emptyWindow(newest, reachedUs, reachedUs + lengthUs));
  };
  for (const window of windows) {
    silent(window.fromUs);
    all.push(window);
    reachedUs = Math.max(reachedUs, window.toUs);
  }
  silent(endUs);
  return all;
}
