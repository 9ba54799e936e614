import type { GateReport } from '@repo/contract/gate-report';
import type { GateVerdict } from '@repo/contract/gate-verdict';
import { plainText } from '@repo/contract/plain-text';
import { escapeHtml, htmlPage, htmlTable } from '@repo/training/report/html';
import { intervalText, limitText, numberText } from './number-text.ts';
import { outcomeLooks } from './outcome-look.ts';
import { reportPictures } from './report-pictures.ts';
import { checksWorstFirst, isWaived, notGoodGates } from './report-rows.ts';
import { verdictSentence } from './verdict-sentence.ts';
import { waiverRows } from './waiver-rows.ts';

type OutcomeName = keyof typeof outcomeLooks;

const style = `
${Object.entries(outcomeLooks)
  .map(
    ([outcome, { color }]) => `.${outcome} td:first-child, .verdict .${outcome} { color: ${color}; font-weight: 600 }`,
  )
  .join('\n')}
td { vertical-align: top; overflow-wrap: anywhere } td:first-child { white-space: nowrap } .verdict { font-size: 1.15rem }
table { font-size: 14px } .n { white-space: nowrap } summary { cursor: pointer; margin-top: 2rem }
tbody tr { border-bottom: 1px solid #eee } .charts { align-items: start }
.wide { grid-column: 1 / -1 } .wide figcaption { max-width: none }`;

const outcomeText = (outcome: OutcomeName, note = ''): string =>
  `${outcomeLooks[outcome].mark} ${outcomeLooks[outcome].word}${note}`;

function gates(report: GateReport, verdict: GateVerdict): string {
  const first = notGoodGates(report, verdict);
  const rows = [...first, ...report.gates.filter((result) => !first.includes(result))];
  const cells = rows.map((result) => [
    outcomeText(result.outcome, isWaived(verdict, result) ? ' (waived)' : ''),
    result.gate,
    plainText(result.summary),
  ]);
  const rowClass = (index: number) => rows[index]?.outcome ?? '';
  return `<h2>Gates</h2>${htmlTable([['outcome', 'gate', 'what was found'], ...cells], rowClass)}`;
}

function waivers(report: GateReport, verdict: GateVerdict): string {
  const rows = waiverRows(report, verdict);
  if (rows.length === 0) return '';
  const cells = rows.map(({ gate, state, expires, approver, reason }) =>
    [gate, state, expires, approver, reason].map((text) => plainText(text)),
  );
  return `<h2>Waivers</h2>${htmlTable([['gate', 'state', 'last day', 'approved by', 'reason'], ...cells])}`;
}

function facts({ candidate, champion, evaluation }: GateReport): string {
  const version = (side: typeof candidate) => (side.version === null ? 'not registered' : `version ${side.version}`);
  const { rows, days, from, to } = evaluation;
  const span = `${numberText(rows)} rows of ${numberText(days)} days, ${plainText(from)} to ${plainText(to)}`;
  return `<h2>What was compared</h2>${htmlTable([
    ['', 'about', 'digest'],
    ['candidate', version(candidate), candidate.digest],
    champion === null ? ['champion', 'none yet', '-'] : ['champion', version(champion), champion.digest],
    ['test rows', span, evaluation.digest],
  ])}`;
}

function checks(report: GateReport): string {
  const rows = checksWorstFirst(report);
  const cells = rows.map(({ gate, check }) => [
    outcomeText(check.outcome),
    gate,
    plainText(check.name),
    numberText(check.value, plainText(check.unit)),
    intervalText(check),
    plainText(limitText(check)),
    plainText(check.detail),
  ]);
  const head = ['outcome', 'gate', 'check', 'value', 'interval', 'limit', 'detail'];
  const rowClass = (index: number) => rows[index]?.check.outcome ?? '';
  return `<details open><summary>All ${rows.length} checks</summary>${htmlTable([head, ...cells], rowClass)}</details>`;
}

/**
 * One model's report as a self-contained HTML page with its pictures: no script, no link, no request, and a content security policy that holds it to that.
 * All texts of the report are escaped, and what cannot be seen in them is shown. An outcome is always told by its word.
 */
export async function renderHtml(report: GateReport, verdict: GateVerdict): Promise<string> {
  const sentence = escapeHtml(plainText(verdictSentence(report, verdict)));
  const word = `<strong class="${verdict.outcome}">${outcomeText(verdict.outcome)}</strong>`;
  const body = [
    `<h1>${escapeHtml(report.model)}</h1><p>${escapeHtml(plainText(report.question))}</p>`,
    `<p class="verdict">${word}: ${sentence}</p>`,
    waivers(report, verdict),
    gates(report, verdict),
    await reportPictures(report),
    facts(report),
    checks(report),
  ];
  return htmlPage(`${report.model}: gate report`, body.join('\n'), style);
}
