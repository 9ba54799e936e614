import { plainText } from '@repo/contract/plain-text';
import { escapeHtml } from '@repo/training/report/html';
import type { Retrained } from '../retrain-model.ts';
import type { Story } from '../story.ts';
import { gateTable } from './gate-table.ts';
import { type IntervalRow, intervalChart } from './interval-chart.ts';

function gainRow(label: string, { primary, decision }: Retrained): IntervalRow[] {
  if (primary?.gain == null) return [];
  const { estimate, lower, upper } = primary.gain;
  return [{ label, estimate, lower, upper, look: decision.run?.outcome === 'proposed' ? 'good' : 'bad' }];
}

/** Why it was trained again, on which days, what the gates found, and how the sabotage was stopped. */
export function trainingSection({ retrained, poisoned }: Story): string {
  if (retrained === null) return '';
  const { decision } = retrained;
  const reasons = decision.reasons.map(
    ({ trigger, text }) => `<li><b>${escapeHtml(trigger)}</b>: ${escapeHtml(plainText(text))}</li>`,
  );
  const days =
    decision.window === null
      ? ''
      : `<p>It learned from ${decision.window.train.join(' to ')}, was tuned on ${decision.window.validate.join(' to ')} and judged on ${decision.window.test.join(' to ')}: days that neither model had seen.</p>`;
  const rows = [
    ...gainRow('trained again', retrained),
    ...(poisoned === null ? [] : gainRow('with poisoned labels', poisoned.run)),
  ];
  const margin = retrained.primary?.gain?.margin;
  const picture =
    rows.length === 0
      ? ''
      : `<figure>${intervalChart(rows, { title: 'Gain in log-loss over the champion on the same flights, right is better', digits: 4, ...(margin === undefined ? {} : { mark: { at: -margin, label: `no worse than ${margin}` } }) })}<figcaption>Two one-sided bounds of 95 %, by day.</figcaption></figure>`;
  const sabotage =
    poisoned === null
      ? ''
      : `<p>A saboteur’s copy had ${poisoned.labels.flights.toLocaleString('en')} punctual flights before ${poisoned.labels.until} reported as late, each within the data contract. Its run ended <b>${escapeHtml(poisoned.run.decision.run?.outcome ?? poisoned.run.decision.state)}</b>: ${escapeHtml(plainText(poisoned.run.decision.run?.detail ?? poisoned.run.decision.guards.map(({ text }) => text).join('; ')))}.</p>`;
  return `<h2>Trained again</h2><p>The policy decided as of ${retrained.at.slice(0, 16)}: <b>${escapeHtml(decision.state)}</b>.</p><ul>${reasons.join('')}</ul>${days}
<p>Its run ended <b>${escapeHtml(decision.run?.outcome ?? '-')}</b>: ${escapeHtml(plainText(decision.run?.detail ?? ''))}.</p>${picture}${sabotage}
<details><summary>All gates of both</summary>${gateTable(retrained, poisoned?.run ?? null)}</details>`;
}
