import { microseconds } from '@repo/contract/duration';
import { type GateMetric, taskMetrics } from '@repo/contract/gate-policy';
import type { Model } from '@repo/contract/model';
import type { Database, Row } from '@repo/datasets/database';
import { quoteText } from '@repo/datasets/sql-text';
import { businessCost } from './business/business-cost.ts';
import { estimateQuality } from './estimate/estimate-quality.ts';
import { readScoredRows } from './estimate/read-scored-rows.ts';
import type { Maturity } from './labels/join-labels.ts';
import { type QualityEvidence, type RealisedMetric, windowQuality } from './quality-evidence.ts';
import { estimateByDay } from './realised/by-day.ts';
import { cellMetric, cellStatistic } from './realised/cell-metrics.ts';
import { type Cells, readCells, rowsOfCells } from './realised/cells.ts';
import { readDaySums } from './realised/day-sums.ts';
import { realisedGroups } from './realised/realised-groups.ts';
import type { Window } from './window.ts';

export interface GatherQualityOptions {
  readonly model: Model;
  readonly maturity: Maturity;
  /** Whose answers are judged; null: no version has answered. */
  readonly version: string | null;
  /** Windows that were made so far, oldest first. */
  readonly windows: readonly Window[];
  readonly atUs: number;
}

/** Labels of one window that its loss is told from: fewer vary too much to be compared with others. */
const fewestInWindow = 50;

const number = (value: Row[string] | undefined): number => Number(value ?? 0);

async function readTotals(database: Database, between: string, own: string) {
  const [row = {}] = await database.rows(`
    SELECT count(*) AS answers, count(label) AS known, count(*) FILTER (observations > 1) AS corrected, count(*) FILTER (ambiguous) AS ambiguous
    FROM outcomes WHERE ${between} AND ${own}`);
  return {
    answers: number(row.answers),
    known: number(row.known),
    corrected: number(row.corrected),
    ambiguous: number(row.ambiguous),
  };
}

/** Every metric of the task; only those that are judged with the interval that it takes. */
function realisedMetrics(model: Model, cells: Cells, judged: readonly string[]): RealisedMetric[] {
  const metrics: readonly GateMetric[] = taskMetrics[model.task];
  return metrics.map((metric) => {
    if (judged.includes(metric)) return { metric, ...estimateByDay(cells.day, cellStatistic(metric, cells)) };
    const value = cellMetric(metric, cells);
    return { metric, value: Number.isFinite(value) ? value : null, interval: null };
  });
}

/**
 * Gathers what the view `outcomes` says of a model's quality. Matured metrics rest on the answers of the policy's span before the last one that is
 * old enough; the estimate on the newest answers of the same length, labelled or not.
 */
export async function gatherQuality(database: Database, options: GatherQualityOptions): Promise<QualityEvidence> {
  const { model, version, maturity, windows, atUs } = options;
  const { quality, business } = model.monitoring;
  const overUs = microseconds(quality.over);
  // Answers come before their events by the lead, and labels after them by the delay.
  const maturedUs = atUs - maturity.delayUs - microseconds(model.cutoff.lead);
  const span = { fromUs: maturedUs - overUs, toUs: atUs };
  const between = `at_us >= ${span.fromUs} AND at_us < ${span.toUs}`;
  // Of one version: after a promotion the answers of the one before say nothing of it.
  const own = `level = 'champion' AND version = ${quoteText(version ?? '')}`;
  const cells = await readCells(database, model.task, `${between} AND matured AND ${own}`);
  const sums = await readDaySums(database, model, span);
  const newest = `at_us >= ${atUs - overUs} AND at_us < ${atUs} AND ${own}`;
  const matured = rowsOfCells(cells);
  const isBinary = model.task === 'binary';
  const scored = isBinary ? await readScoredRows(database, newest) : { probabilities: [], rows: [] };
  const primary = model.gates.primary ?? taskMetrics[model.task][0];
  const limits = quality.limits ?? model.gates.floor;
  return {
    task: model.task,
    primary,
    maturity,
    span,
    ...(await readTotals(database, between, own)),
    matured,
    limits,
    minRows: quality.minRows,
    realised: realisedMetrics(model, cells, [primary, ...Object.keys(limits)]),
    business: business.map((metric) => ({ metric, cost: businessCost(metric, sums) })),
    groups: realisedGroups(sums),
    estimate: estimateQuality(scored, model.serving.threshold ?? 0.5),
    calibrationError: isBinary && matured >= quality.minRows ? cellMetric('ece', cells) : null,
    ...windowQuality(windows, { minRows: fewestInWindow, business, endUs: atUs }),
  };
}
