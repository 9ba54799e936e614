import { calibrationBins } from '@repo/stats/calibration-bins';
import { rocCurve } from '@repo/stats/roc-curve';
import type { Candidate } from '../candidate.ts';
import { chart } from './chart.ts';

type Column = ArrayLike<number>;

const corners = [
  { x: 0, y: 0 },
  { x: 1, y: 1 },
];
const diagonal = { data: { values: corners }, mark: { type: 'line' as const, color: '#bbb', strokeDash: [4, 4] } };
const axis = (field: string, title: string) => ({ field, title, type: 'quantitative' }) as const;
const narrow = (field: string, title: string) => ({ ...axis(field, title), scale: { zero: false } });

/** ROC curve on the test rows, which must be of both classes. */
export function rocChart(labels: Column, answers: Column): Promise<string> {
  const values = rocCurve(labels, answers, 200).map((p) => ({ x: p.falsePositiveRate, y: p.truePositiveRate }));
  const encoding = { x: axis('x', 'false positive rate'), y: axis('y', 'true positive rate') };
  return chart({ layer: [diagonal, { data: { values }, mark: 'line' }], encoding });
}

/** Observed share against predicted probability, in 15 bins of equal size. */
export function calibrationChart(labels: Column, answers: Column): Promise<string> {
  const values = calibrationBins(labels, answers).map((b) => ({ x: b.meanPredicted, y: b.observedShare }));
  const encoding = { x: axis('x', 'mean predicted probability'), y: axis('y', 'observed share') };
  return chart({ layer: [diagonal, { data: { values }, mark: { type: 'line', point: true } }], encoding });
}

/** Labels against answers for a regression, a sample of at most 2000 rows. */
export function scatterChart(labels: Column, answers: Column): Promise<string> {
  const step = Math.ceil(labels.length / 2000);
  const values = Array.from({ length: Math.floor(labels.length / step) }, (_, i) => ({
    x: answers[i * step] as number,
    y: labels[i * step] as number,
  }));
  const encoding = { x: narrow('x', 'answer'), y: narrow('y', 'label') };
  return chart({ data: { values }, mark: { type: 'point', size: 8, opacity: 0.4 }, encoding });
}

/** How often each answer is given on the test rows. */
export function answerChart(answers: Column): Promise<string> {
  const values = Array.from(answers, (x) => ({ x }));
  const x = { ...axis('x', 'answer'), bin: { maxbins: 40 } };
  const y = { aggregate: 'count', title: 'test rows' } as const;
  return chart({ data: { values }, mark: 'bar', encoding: { x, y } });
}

/** The 20 most important features. */
export function importanceChart(importance: Candidate['importance']): Promise<string> {
  const total = Object.values(importance).reduce((sum, gain) => sum + gain, 0) || 1;
  const values = Object.entries(importance)
    .map(([feature, gain]) => ({ feature, share: gain / total }))
    .sort((a, b) => b.share - a.share)
    .slice(0, 20);
  const x = axis('share', 'share of the total gain');
  const y = {
    field: 'feature',
    type: 'nominal',
    sort: '-x',
    title: null,
    axis: { labelLimit: 300, labelFontSize: 9 },
  } as const;
  return chart({ height: 360, data: { values }, mark: 'bar', encoding: { x, y } });
}

/** Loss by round on the training and validation rows. */
export function learningChart(curve: Candidate['curve']): Promise<string> {
  const values = curve.flatMap(({ round, trainLoss, validLoss }) => [
    { round, loss: trainLoss, rows: 'training' },
    ...(validLoss === null ? [] : [{ round, loss: validLoss, rows: 'validation' }]),
  ]);
  const color = { field: 'rows', type: 'nominal', title: null, legend: { orient: 'top' } } as const;
  return chart({
    data: { values },
    mark: 'line',
    encoding: { x: axis('round', 'round'), y: narrow('loss', 'loss'), color },
  });
}
