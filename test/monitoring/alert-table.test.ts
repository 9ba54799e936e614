import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { watchedExamples } from '@repo/components/fixtures/watched-examples';
import { modelAlerts } from '@repo/components/watch/model-rules';
import { runbookFolder } from '@repo/components/watch/rule';
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
    'Every alert about a model, the same for all but for the objectives of its definition. Written by `test/monitoring/alert-table.test.ts`.',
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

test('every alert links a runbook that exists', () => {
  for (const { alert, annotations } of watchedExamples.flatMap((model) => modelAlerts(model))) {
    expect(annotations.runbook_url.startsWith(`${runbookFolder}/`), alert).toBe(true);
    expect(existsSync(`${root}/${annotations.runbook_url}`), `${alert}: ${annotations.runbook_url}`).toBe(true);
  }
});
