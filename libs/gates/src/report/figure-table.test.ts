import { expect, test } from 'vitest';
import { figureTable } from './figure-table.ts';
import { exampleReport } from './fixtures/example-report.ts';

type Pictures = ReturnType<typeof exampleReport>['pictures'];
const table = (pictures: Partial<Pictures>, maxBytes = 4000) =>
  figureTable(
    { ...exampleReport(), pictures: { roc: null, calibration: null, latencyMs: null, ...pictures } },
    maxBytes,
  );
const row = (pictures: Partial<Pictures>) => table(pictures)?.split('\n')[2];
const times: [number, number][] = [
  [0, 0.01],
  [0.5, 0.04],
  [0.975, 0.1],
  [0.99, 0.2],
  [1, 3],
];

test('the time of a row is told of both models, and a dash where there is no champion', () => {
  expect(row({ latencyMs: { candidate: times, champion: times.slice(0, 3) } })).toBe(
    '| time of one row: half, 99 % | 0.04 ms, 0.2 ms | 0.04 ms, - |',
  );
  expect(row({ latencyMs: { candidate: times, champion: null } })).toMatch(/\| 0.04 ms, 0.2 ms \| - \|$/);
});

test('of a calibrated model both lines of bars are alike, and of another they are not', () => {
  const candidate: [number, number][] = [0.1, 0.3, 0.5, 0.79].map((share) => [share, share]);
  const champion: [number, number][] = candidate.map(([predicted], i) => [predicted, [0.3, 0.35, 0.4, 0.45][i] ?? 0]);
  expect(row({ calibration: { candidate, champion } })).toBe(
    '| calibration, by rising answers | `▂▄▆█` predicted, `▂▄▆█` observed, up to 0.79 | `▂▄▆█` predicted, `▄▄▅▅` observed, up to 0.79 |',
  );
});

test('numbers that no gate would write keep within their room', () => {
  const wild = Array.from({ length: 500 }, (_, i): [number, number] => [(i - 250) * 1e306, -i * 1e306]);
  const text = table({ calibration: { candidate: wild, champion: [] }, latencyMs: { candidate: wild, champion: [] } });
  expect(Buffer.byteLength(text ?? '')).toBeLessThan(1000);
  expect(text).toMatch(/\| calibration, by rising answers \| - \| - \|$/);
});

test('without pictures nothing is said, and without room it is left out', () => {
  expect(table({})).toBe('');
  expect(table({ latencyMs: { candidate: times, champion: null } }, 60)).toBeNull();
});
