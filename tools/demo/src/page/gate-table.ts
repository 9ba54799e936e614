import { plainText } from '@repo/contract/plain-text';
import { escapeHtml } from '@repo/training/report/html';
import type { Retrained } from '../retrain-model.ts';

const marks: Readonly<Record<string, string>> = {
  pass: '✓',
  warn: '!',
  fail: '✗',
  inconclusive: '?',
  'not-applicable': '–',
};

const cell = (gate: Retrained['gates'][number] | undefined): string =>
  gate === undefined
    ? '<td>–</td>'
    : `<td class="${gate.outcome}"><b>${marks[gate.outcome] ?? ''} ${escapeHtml(gate.outcome)}</b><br><small>${escapeHtml(plainText(gate.summary))}</small></td>`;

/** What each gate found of the honest candidate and of the sabotaged one. */
export function gateTable(honest: Retrained, sabotaged: Retrained | null): string {
  const names = [...new Set([...honest.gates, ...(sabotaged?.gates ?? [])].map(({ gate }) => gate))];
  const of = (run: Retrained | null, name: string) => run?.gates.find(({ gate }) => gate === name);
  const rows = names.map((name) => `<tr><td>${name}</td>${cell(of(honest, name))}${cell(of(sabotaged, name))}</tr>`);
  return `<table class="gates"><thead><tr><th>gate</th><th>trained again</th><th>with poisoned labels</th></tr></thead><tbody>${rows.join('')}</tbody></table>`;
}
