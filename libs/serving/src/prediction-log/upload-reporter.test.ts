import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createUploadReporter } from './upload-reporter.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function listen() {
  const counts: Record<string, number> = {};
  const warnings: string[] = [];
  const rounds: number[] = [];
  const reporter = createUploadReporter({
    count: (result, files) => {
      counts[result] = (counts[result] ?? 0) + files;
    },
    warn: (message) => warnings.push(message),
    again: () => rounds.push(Date.now()),
  });
  return { ...reporter, counts, warnings, rounds };
}
const went = { files: 2, failure: null, dropped: 0 };
const away = { files: 1, failure: 'away', dropped: 0 };

test('files are counted by what became of them', () => {
  const { heard, counts, warnings, rounds } = listen();
  heard(went);
  heard({ ...went, dropped: 3 });
  expect(counts).toEqual({ uploaded: 4, dropped: 3 });
  expect([warnings, rounds]).toEqual([[], []]);
});

test('that a server is away is said once, with why, and once that it is back', () => {
  const { heard, counts, warnings } = listen();
  for (const round of [away, away, away, went, went]) heard(round);
  expect(warnings).toEqual([expect.stringMatching(/kept here.*: away$/), expect.stringContaining('again')]);
  expect(counts).toEqual({ uploaded: 7, failed: 3 });
});

test('rounds are asked for while it is away, further and further apart, and no more after the log was closed', () => {
  const { heard, close, rounds } = listen();
  const pauses = Array.from({ length: 7 }, () => {
    const before = Date.now();
    heard(away);
    vi.advanceTimersByTime(3_600_000);
    return ((rounds.at(-1) ?? 0) - before) / 1000;
  });
  expect(pauses).toEqual([30, 60, 120, 240, 480, 600, 600]);
  heard(away);
  close();
  vi.advanceTimersByTime(3_600_000);
  expect(rounds).toHaveLength(7);
});
