import type { Model } from '@repo/contract/model';
import type { ModelContract } from '@repo/contract/model-contract';
import type { Candidate } from '../candidate.ts';
import type { Metrics } from '../evaluate.ts';
import type { LevelMetrics } from '../measure-levels.ts';
import type { TrainResult } from '../train-result.ts';
import { escapeHtml, htmlPage, htmlTable } from './html.ts';
import {
  answerChart,
  calibrationChart,
  importanceChart,
  learningChart,
  rocChart,
  scatterChart,
} from './training-charts.ts';

/** What a report of a training run shows. */
export interface TrainingReportOptions {
  model: Model;
  contract: ModelContract;
  candidate: Candidate;
  result: TrainResult;
  /** Labels and answers of the test rows. */
  labels: Float32Array;
  answers: Float32Array;
}

const digits = (value: number | null | undefined) => (value === null || value === undefined ? '-' : value.toFixed(4));

async function pictures({ model, candidate, result, labels, answers }: TrainingReportOptions): Promise<string> {
  const binary = model.task === 'binary';
  // Rows of one class only have no ROC curve, as they have no AUC.
  const bothClasses = binary && result.metrics.test.auc !== null;
  const drawn: [string, Promise<string> | null][] = [
    ['ROC curve on the test rows', bothClasses ? rocChart(labels, answers) : null],
    [
      'Calibration on the test rows: on the dashed line, a predicted 30 % happens 30 % of the time',
      binary ? calibrationChart(labels, answers) : null,
    ],
    ['Labels against answers on the test rows', binary ? null : scatterChart(labels, answers)],
    ['Answers on the test rows', answerChart(answers)],
    [
      'Loss by round; training stops when the validation loss no longer falls',
      candidate.curve.length > 0 ? learningChart(candidate.curve) : null,
    ],
    [
      'What the model looks at',
      Object.keys(candidate.importance).length > 0 ? importanceChart(candidate.importance) : null,
    ],
  ];
  const figures = drawn.map(async ([caption, svg]) =>
    svg === null ? '' : `<figure>${await svg}<figcaption>${escapeHtml(caption)}</figcaption></figure>`,
  );
  return `<div class="charts">${(await Promise.all(figures)).join('')}</div>`;
}

function scores({ result }: TrainingReportOptions): string {
  const { metrics } = result;
  const names = Object.keys(metrics.test);
  const row = (who: string, m: Metrics, gain = '') => [who, ...names.map((name) => digits(m[name])), gain];
  const rows = Object.entries(metrics.baselines).map(([name, { test, gain }]) =>
    row(`${name} (test)`, test, `${digits(gain.estimate)} [${digits(gain.lower)}, ${digits(gain.upper)}]`),
  );
  const head = ['', ...names, 'loss that the model saves, 95 % interval'];
  return htmlTable([head, row('model (test)', metrics.test), row('model (validation)', metrics.validate), ...rows]);
}

function slices({ result }: TrainingReportOptions): string {
  const { slices: groups, test } = result.metrics;
  if (groups.length === 0) return '';
  const names = Object.keys(test);
  const rows = groups.map((s) => [
    s.feature,
    s.value,
    s.rows,
    digits(s.labelMean),
    ...names.map((name) => digits(s.metrics[name])),
  ]);
  return `<h2>Slices of the test rows</h2>${htmlTable([['feature', 'value', 'rows', 'mean label', ...names], ...rows])}`;
}

/** Who answered with what missing, in words. */
function levelName({ level, without }: LevelMetrics, views: number): string {
  if (without.length === 0) return level;
  return without.length === views && views > 1
    ? `${level} without any looked-up view`
    : `${level} without ${without.join(', ')}`;
}

function levels({ contract, result }: TrainingReportOptions): string {
  const { levels: measured, outliers, test } = result.metrics;
  const names = Object.keys(test);
  const views = contract.views.filter(({ spec }) => spec.kind !== 'request').length;
  const rows = measured.map((level) => [levelName(level, views), ...names.map((name) => digits(level.metrics[name]))]);
  const share = `${(outliers.testShare * 100).toFixed(2)} % of the test rows are outliers (p below ${outliers.below}).`;
  return `<h2>When the service is not whole</h2>${htmlTable([['who answers the test rows', ...names], ...rows])}<p>${share}</p>`;
}

function facts({ model, contract, candidate, result }: TrainingReportOptions): string {
  const { rows } = result.metrics;
  return htmlTable([
    ['', ''],
    ...Object.entries(candidate.facts).map(([name, value]) => [
      name,
      typeof value === 'number' && !Number.isInteger(value) ? digits(value) : value,
    ]),
    ['features', contract.features.length],
    ...(['train', 'validate', 'test'] as const).map((part) => [
      `${part}, ${model.split[part].join(' to ')}`,
      `${rows[part]} rows`,
    ]),
    ['model.onnx', `${(result.modelBytes / 1024).toFixed(0)} KiB`],
    ...Object.entries(candidate.environment).map(([name, value]) => [`version of ${name}`, value]),
    ...Object.entries(result.seconds).map(([step, seconds]) => [`time to ${step}`, `${seconds.toFixed(1)} s`]),
    ['bundle', result.digest],
  ]);
}

/** The report of a training run as one self-contained HTML page. */
export async function trainingReport(options: TrainingReportOptions): Promise<string> {
  const { model } = options;
  const title = `${model.name}: training report`;
  const body = [
    `<h1>${escapeHtml(model.name)}</h1><p>${escapeHtml(model.question)}</p>`,
    `<h2>How good it is</h2>${scores(options)}`,
    await pictures(options),
    slices(options),
    levels(options),
    `<h2>Sizes and times</h2>${facts(options)}`,
  ];
  return htmlPage(title, body.join('\n'));
}
