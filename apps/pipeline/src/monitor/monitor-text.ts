import type { MonitorFindings } from '@repo/contract/monitor-findings';
import { table } from '../table.ts';

const figure = (value: number | null): string => (value === null ? '-' : String(Number(value.toPrecision(3))));

/** Findings for a terminal: those that are not fine with their reasons, then how many are. */
export function monitorText({ model, at, window, findings }: MonitorFindings, page: string): string {
  const told = findings.filter(({ outcome, kind }) => outcome !== 'ok' || kind === 'model' || kind === 'business');
  const rows = told.map(({ outcome, kind, name, subject, value, interval, limit }) => [
    outcome,
    kind,
    subject === null ? name : `${name} ${subject}`,
    figure(value),
    interval === null ? '-' : `${figure(interval[0])} to ${figure(interval[1])}`,
    limit === null ? '-' : `${limit.good} ${figure(limit.at)}`,
  ]);
  const reasons = told
    .filter(({ outcome }) => outcome !== 'ok')
    .map(
      ({ outcome, name, subject, reason }) =>
        `${outcome}: ${subject === null ? name : `${name} ${subject}`}: ${reason}`,
    );
  return [
    `${model} at ${at}: ${window.rows} answers from ${window.from} to ${window.to}.`,
    '',
    table(['outcome', 'kind', 'what', 'value', 'interval', 'limit'], rows),
    ...(reasons.length === 0 ? [] : ['', ...reasons]),
    '',
    `${findings.length - told.length} more are fine. ${page}`,
  ].join('\n');
}
