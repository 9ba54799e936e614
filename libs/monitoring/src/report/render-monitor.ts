import { formatInstant } from '@repo/contract/instant';
import type { Finding } from '@repo/contract/monitor-findings';
import { escapeHtml, htmlPage, htmlTable } from '@repo/training/report/html';
import type { Estimate } from '../realised/by-day.ts';
import type { MonitorPage } from './monitor-page.ts';
import { monitorPictures } from './monitor-pictures.ts';

const colours = { page: '#b3261e', warn: '#8a5a00', ok: '#1a7f37', 'no-verdict': '#6b6b6b' } as const;

const style = `
${Object.entries(colours)
  .map(([outcome, colour]) => `.${outcome} td:first-child { color: ${colour}; font-weight: 600 }`)
  .join('\n')}
.wide { grid-column: 1 / -1 } .wide figcaption { max-width: none }`;

const figure = (value: number | null): string => (value === null ? '-' : Number(value.toPrecision(3)).toString());
const interval = (ends: readonly [number, number] | null): string =>
  ends === null ? '-' : `${figure(ends[0])} to ${figure(ends[1])}`;
const estimate = ({ value, interval: ends }: Estimate): string =>
  ends === null ? figure(value) : `${figure(value)} [${interval(ends)}]`;

const worst: readonly Finding['outcome'][] = ['page', 'warn', 'no-verdict', 'ok'];

function findingsTable(findings: readonly Finding[]): string {
  const sorted = [...findings].sort((a, b) => worst.indexOf(a.outcome) - worst.indexOf(b.outcome));
  const rows = sorted.map(({ outcome, kind, name, subject, value, interval: ends, limit, importance, reason }) => [
    outcome,
    kind,
    subject === null ? name : `${name} ${subject}`,
    figure(value),
    interval(ends),
    limit === null ? '-' : `${limit.good} ${figure(limit.at)}`,
    importance === null ? '-' : `${(100 * importance).toFixed(1)} %`,
    reason,
  ]);
  const head = ['outcome', 'kind', 'what', 'value', '95 %', 'limit', 'importance', 'what was found, and what to do'];
  return htmlTable([head, ...rows], (index) => sorted[index]?.outcome ?? 'ok');
}

function groupsTable({ evidence }: MonitorPage): string {
  const rows = evidence.groups.map(({ dimension, group, answers, known, matured, loss, provisional, yes }) => [
    dimension,
    group,
    answers,
    known,
    matured,
    estimate(loss),
    estimate(provisional),
    estimate(yes),
  ]);
  const loss = evidence.task === 'binary' ? 'log-loss' : 'absolute error';
  const head = ['by', 'group', 'answers', 'labels', 'matured', loss, 'provisional', 'share of yes'];
  return htmlTable([head, ...rows]);
}

function labelsText({ evidence }: MonitorPage): string {
  const { maturity, known, matured, answers, corrected, ambiguous, span } = evidence;
  const hours = (maturity.delayUs / 3.6e9).toFixed(1);
  const from = maturity.from === 'observed' ? 'as labels were observed to arrive' : 'as the definition says';
  return `Of ${answers} answers since ${formatInstant(span.fromUs)}, ${known} have a label and ${matured} a matured one: ${hours} hours after the event almost all are known, ${from}. ${corrected} labels were corrected, ${ambiguous} fit more than one event and are left out. Provisional figures hold what is known early, which is not like the rest: they decide nothing.`;
}

/** The weekly page: no script, no link, no request. An outcome is always told by its word. */
export async function renderMonitor(page: MonitorPage): Promise<string> {
  const { model, found } = page;
  const count = (outcome: Finding['outcome']) => found.findings.filter((one) => one.outcome === outcome).length;
  const verdict = `${count('page')} page, ${count('warn')} warn, ${count('ok')} are fine, ${count('no-verdict')} cannot be told.`;
  const body = `<h1>${escapeHtml(model.name)}</h1><p>${escapeHtml(model.question)}</p>
<p>As known at ${escapeHtml(found.at)}: ${verdict} The newest window has ${found.window.rows} answers, from ${escapeHtml(found.window.from)} to ${escapeHtml(found.window.to)}.</p>
<h2>Findings</h2>${findingsTable(found.findings)}
<h2>Pictures</h2>${await monitorPictures(page)}
<h2>Outcomes</h2><p>${escapeHtml(labelsText(page))}</p>${groupsTable(page)}`;
  return htmlPage(`${model.name}, ${found.at.slice(0, 10)}`, body, style);
}
