import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { watchedExamples } from '@repo/components/fixtures/watched-examples';
import { modelAlerts } from '@repo/components/watch/model-rules';
import { type AlertRule, runbookFolder } from '@repo/components/watch/rule';
import type { WatchedModel } from '@repo/components/watch/watched-model';
import { expect, test } from 'vitest';

const [example] = watchedExamples as [WatchedModel];
const root = fileURLToPath(new URL('../..', import.meta.url));

/** What an alert says, with dots for what Prometheus fills in. */
const said = (summary: string): string => summary.replace(/\{\{.+?\}\}/g, '…').replaceAll(example.name, '<model>');

function table(): string {
  const rows = modelAlerts(example).map(({ alert, for: holds, labels, annotations }) => {
    const runbook = annotations.runbook_url.slice('docs/'.length);
    return `| [${alert}](${runbook}) | ${labels.severity} | ${holds} | ${said(annotations.summary).replaceAll('<model>', '`<model>`')} |`;
  });
  return [
    '# Alerts',
    '',
    'Every alert about a model, the same for all but for the objectives of its definition and the deadline of its releases (here 30 minutes). Written by `test/monitoring/alert-table.test.ts`.',
    'A model without a fallback chain has no alerts about stand-ins, a regression none about scores.',
    '',
    '| alert, with its runbook | severity | holds for | says |',
    '|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}

test('docs/alerts.md lists every alert with its runbook', async () => {
  await expect(table()).toMatchFileSnapshot('../../docs/alerts.md');
});

/** Alerts whose runbook is not there. */
const lost = (alerts: readonly AlertRule[]): string[] =>
  alerts
    .map(({ alert, annotations }) => `${alert}: ${annotations.runbook_url}`)
    .filter((link) => !existsSync(`${root}/${link.split(': ')[1]}`));

test('every alert links a runbook that exists, and one that does not is found', () => {
  const alerts = watchedExamples.flatMap((model) => modelAlerts(model));
  expect(lost(alerts)).toEqual([]);
  const [first] = alerts as [AlertRule];
  const annotations = { ...first.annotations, runbook_url: `${runbookFolder}/look-it-up.md` };
  expect(lost([...alerts, { ...first, annotations }])).toEqual(['ModelNotReady: docs/runbooks/look-it-up.md']);
});
