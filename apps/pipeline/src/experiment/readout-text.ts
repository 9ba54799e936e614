import { armRows, armTitles } from '@repo/experiments/arm-table';
import type { ExperimentReadout, ReadoutRow } from '@repo/experiments/experiment-readout';
import { table } from '../table.ts';

const figure = (value: number | null): string => (value === null ? '-' : String(Number(value.toPrecision(4))));
const signed = (value: number | null): string => (value !== null && value > 0 ? `+${figure(value)}` : figure(value));

function intervalText({ interval }: ReadoutRow): string {
  return interval === null ? '-' : `${signed(interval[0])} to ${signed(interval[1])}`;
}

function pastText({ reduction }: ReadoutRow): string {
  if (reduction === null || reduction.history === 0) return 'none';
  const percent = (share: number): string => `${Math.round(100 * share)} %`;
  if (reduction.used) return `took off ${percent(1 - reduction.varianceLeft)} of the variance`;
  return `not used: correlation ${reduction.correlation.toFixed(2)}, history ${percent(reduction.history)}`;
}

/** A readout for a terminal: the verdict, the arms, the checks that are not fine, and the table of outcomes. */
export function readoutText(readout: ExperimentReadout): string {
  const { model, experiment, hypothesis, verdict, reason, arms, checks, rows } = readout;
  const told = checks.filter(({ outcome, name }) => outcome !== 'pass' || name === 'sample-ratio');
  const lines = told.map(({ name, outcome, detail }) => `${outcome}: ${name}: ${detail}`);
  const outcomes = rows.map((row) => [
    row.outcome,
    row.arm,
    row.role === 'guardrail' ? `${row.metric} (guardrail)` : row.metric,
    figure(row.control),
    figure(row.treatment),
    signed(row.effect),
    intervalText(row),
    row.margin === 0 ? 'better' : `${row.margin} ${row.worse === 'either' ? 'either way' : 'worse'}`,
    figure(row.detectable),
    pastText(row),
  ]);
  const head = [
    'outcome',
    'arm',
    'metric',
    'control',
    'treatment',
    'effect',
    'interval',
    'limit',
    'detectable',
    'past',
  ];
  return [
    `${verdict}: ${experiment} of ${model}. ${reason}`,
    `Hypothesis: ${hypothesis}`,
    '',
    table(armTitles, armRows(arms)),
    '',
    ...lines,
    ...(outcomes.length === 0 ? [] : ['', table(head, outcomes)]),
  ].join('\n');
}
