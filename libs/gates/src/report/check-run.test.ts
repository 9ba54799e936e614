import { hostileTexts } from '@repo/contract/fixtures/hostile-texts';
import { expect, test } from 'vitest';
import { checkRunOf } from './check-run.ts';
import { exampleResult, exampleResults } from './fixtures/example-results.ts';
import { renderComment } from './render-comment.ts';

const broken = { model: 'echo', problem: 'gates: received nothing\nsplit: received nothing' };

test('a failure blocks, inconclusive is neutral, the rest is success; the worst model decides', () => {
  const { good, bad, inconclusive, first } = exampleResults();
  expect(checkRunOf([]).conclusion).toBe('success');
  expect(checkRunOf([good, first]).conclusion).toBe('success');
  expect(checkRunOf([good, inconclusive]).conclusion).toBe('neutral');
  expect(checkRunOf([good, inconclusive, bad]).conclusion).toBe('failure');
  expect(checkRunOf([good, broken]).conclusion).toBe('failure');
});

test('the title names what blocks, the summary is the comment', () => {
  const { good, bad } = exampleResults();
  const run = checkRunOf([good, bad, broken]);
  expect(run.title).toBe(
    'echo: fail (no report); flight-delay: fail (champion, slices, onnx-parity, calibration); flight-delay: pass',
  );
  expect(run.summary).toBe(renderComment([good, bad, broken], { maxChars: 65_535 }));
});

test('each gate that is not good is a remark on line 1 of its definition, failures first', () => {
  const { bad, waived } = exampleResults();
  const remarks = checkRunOf([waived, bad]).annotations;
  expect(remarks.map((remark) => [remark.annotation_level, remark.title])).toEqual([
    ['failure', 'champion: fail'],
    ['failure', 'slices: fail'],
    ['failure', 'onnx-parity: fail'],
    ['warning', 'calibration: inconclusive'],
    ['warning', 'reference-drift: warn'],
    ['warning', 'robustness: inconclusive'],
    ['warning', 'calibration: fail (waived)'],
  ]);
  expect(remarks[1]).toEqual({
    path: 'models/flight-delay/model.ts',
    start_line: 1,
    end_line: 1,
    annotation_level: 'failure',
    title: 'slices: fail',
    message: 'It is on the bad side of the limit.\ncarrier EV: 0.36, at most 0.2 is good: Looked at carrier EV.',
  });
});

test('a model without a report is a remark with its problems, a line each', () => {
  expect(checkRunOf([broken]).annotations).toMatchObject([
    { path: 'models/echo/model.ts', title: 'echo: could not be judged', message: broken.problem },
  ]);
  expect(checkRunOf([{ model: '../..', problem: 'x' }]).annotations[0]?.path).toBe('models');
});

test("everything keeps within GitHub's limits, and the last remark tells how many more there are", () => {
  const results = Array.from({ length: 30 }, (_, i) =>
    exampleResult({ model: `m${i}`, outcomes: { champion: 'fail', slices: 'fail' } }),
  );
  const run = checkRunOf(results);
  expect(run.title.length).toBeLessThanOrEqual(255);
  expect(Buffer.byteLength(run.summary)).toBeLessThanOrEqual(65_535);
  expect(run.annotations).toHaveLength(50);
  expect(run.annotations.at(-1)).toMatchObject({ annotation_level: 'notice', title: '11 more' });
});

test('hostile text stays one line in a title, and no message outgrows its limit', () => {
  for (const text of hostileTexts) {
    const long = text.padEnd(2000, 'x');
    const judged = exampleResult({ say: () => long, outcomes: { slices: 'fail', champion: 'fail' } });
    for (const gate of judged.report.gates)
      gate.checks = Array.from({ length: 500 }, () => ({
        ...gate.checks[0],
        name: long,
        detail: long,
      })) as typeof gate.checks;
    const run = checkRunOf([judged, { model: text, problem: `${text}\n`.repeat(500) }]);
    for (const { title, message, path } of run.annotations) {
      expect(title.length).toBeLessThanOrEqual(255);
      expect(Buffer.byteLength(message)).toBeLessThanOrEqual(64 * 1024);
      for (const line of [title, path, ...message.split('\n')]) expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
    }
  }
});
