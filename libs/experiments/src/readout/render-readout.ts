import { escapeHtml, htmlPage, htmlTable } from '@repo/training/report/html';
import { armRows, armTitles } from './arm-table.ts';
import type { ExperimentReadout, ReadoutRow } from './experiment-readout.ts';

const colours = { pass: '#1a7f37', fail: '#b3261e', inconclusive: '#6b6b6b' } as const;

const [width, height] = [640, 44];
const middle = height / 2;

const style = `
${Object.entries(colours)
  .map(
    ([outcome, colour]) =>
      `.${outcome} { color: ${colour} } .${outcome} line { stroke: ${colour} } .${outcome} circle { fill: ${colour} }`,
  )
  .join('\n')}
.verdict { font-size: 1.15rem } .verdict b { font-weight: 600 } .intervals { width: 100%; max-width: 1000px }
.intervals td { vertical-align: middle } .intervals td:first-child { width: 260px; color: #222 }
svg { display: block; width: 100% } .zero { stroke: #999 } .limit { stroke: #999; stroke-dasharray: 4 3 }
svg text { font: 11px system-ui, sans-serif; fill: #666 }`;

const figure = (value: number): string => Number(value.toPrecision(3)).toString();

/** Where the bad side begins: at the margin, on either side or on both. */
function limitsOf({ worse, margin }: ReadoutRow): number[] {
  if (worse === 'either') return [-margin, margin];
  return [worse === 'higher' ? margin : -margin];
}

/** The interval of a row on a scale of its own, with no difference in the middle and the limit as a dashed line. */
function drawInterval(row: ReadoutRow): string {
  const { interval, effect } = row;
  if (interval === null || effect === null) return escapeHtml(row.detail);
  const limits = limitsOf(row);
  const reach = 1.15 * Math.max(...interval.map(Math.abs), ...limits.map(Math.abs), Number.MIN_VALUE);
  const x = (value: number): string => ((width / 2) * (1 + value / reach)).toFixed(1);
  const line = (from: number, to: number, name: string, [top, bottom] = [6, height - 14]): string =>
    `<line class="${name}" x1="${x(from)}" y1="${top}" x2="${x(to)}" y2="${bottom}"/>`;
  const text = (value: number): string =>
    `<text x="${x(value)}" y="${height - 2}" text-anchor="middle">${figure(value)}</text>`;
  const [lower, upper] = interval;
  const parts = [
    line(0, 0, 'zero'),
    ...limits.filter((limit) => limit !== 0).map((limit) => line(limit, limit, 'limit')),
    `<line stroke-width="3" x1="${x(lower)}" y1="${middle - 4}" x2="${x(upper)}" y2="${middle - 4}"/>`,
    `<circle cx="${x(effect)}" cy="${middle - 4}" r="4"/>`,
    ...[lower, effect, upper].map(text),
  ];
  const label = `${row.metric} of ${row.arm}: ${figure(effect)}, ${figure(lower)} to ${figure(upper)}`;
  return `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeHtml(label)}">${parts.join('')}</svg>`;
}

function intervals(rows: readonly ReadoutRow[]): string {
  if (rows.length === 0) return '';
  const lines = rows.map((row) => {
    const what = `${escapeHtml(row.metric)} of ${escapeHtml(row.arm)}${row.role === 'guardrail' ? ', guardrail' : ''}`;
    const unit = row.unit === '' ? '' : ` (${escapeHtml(row.unit)})`;
    return `<tr class="${row.outcome}"><td>${what}${unit}<br><b class="${row.outcome}">${row.outcome}</b></td><td>${drawInterval(row)}</td></tr>`;
  });
  const about =
    'Treatment less control; the line in the middle is no difference, the dashed one the limit. Every interval holds at every look at once.';
  return `<h2>Effects</h2><p>${about}</p><table class="intervals">${lines.join('')}</table>`;
}

/** A readout as one self-contained page: no script, no link, no request. An outcome is always told by its word. */
export function renderReadout(readout: ExperimentReadout): string {
  const { experiment, model, hypothesis, verdict, reason, arms, checks, rows, days, planned } = readout;
  const checkRows = checks.map(({ name, outcome, detail }) => [outcome, name, detail]);
  const body = `<h1>${escapeHtml(experiment)}</h1><p>Experiment of ${escapeHtml(model)}: ${escapeHtml(hypothesis)}</p>
<p class="verdict"><b class="${verdict}">${verdict}</b>: ${escapeHtml(reason)}</p>
<p>${days.toFixed(1)} days; planned for ${planned.units} units and at least ${planned.minDays} days.</p>
<h2>Arms</h2>${htmlTable([armTitles, ...armRows(arms)])}
${intervals(rows)}
<h2>Checks</h2>${htmlTable([['outcome', 'check', 'what was found'], ...checkRows])}`;
  return htmlPage(`${experiment} of ${model}`, body, style);
}
