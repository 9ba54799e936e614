import { afterAll, beforeAll, expect, test } from 'vitest';
import { createGateReport } from './fixtures/gate-report.ts';
import {
  attachReport,
  createPromotableWorkspace,
  type PromotableWorkspace,
  registryOf,
} from './fixtures/promotable-workspace.ts';
import type { TemporaryWorkspace } from './fixtures/temporary-workspace.ts';

let made: PromotableWorkspace;
beforeAll(async () => {
  made = await createPromotableWorkspace();
});
afterAll(() => made.workspace.remove());

/** Puts content under the newest revision of version 2's report, past all checks of the registry. */
async function forge(copy: TemporaryWorkspace, content: string): Promise<void> {
  const registry = registryOf(copy);
  const [one, two] = made.digests;
  await attachReport(copy, 2, { digest: two, champion: one });
  const card = Buffer.from(`${content}${' '.repeat(content.includes(two) ? 0 : 1)}`);
  const named = content.includes(two) ? card : Buffer.concat([card, Buffer.from(`\n${two}`)]);
  await registry.attachEvidence('late-order', 2, 'card.md', named);
  const at = (name: string) => `.causeway/state/registry/models/late-order/evidence/2/${name}/1.json`;
  copy.write(at('report.json'), copy.read(at('card.md')));
}

const reportOfTwo = (change: (report: ReturnType<typeof createGateReport>) => unknown) => {
  const report = createGateReport({ digest: made.digests[1], champion: made.digests[0] });
  change(report);
  return JSON.stringify(report);
};

test.each<[string, () => string, RegExp]>([
  ['no JSON', () => `{"schemaVersion":1,"${made.digests[1]}`, /report.json: received .*whole JSON/],
  ['a report of another form', () => `{"verdict":"pass","of":"${made.digests[1]}"}`, /report.json.schemaVersion: /],
  [
    'a report about another bundle',
    () =>
      reportOfTwo((report) => {
        report.evaluation.digest = made.digests[1];
        report.candidate.digest = made.digests[2];
      }),
    /report.json: received a report about sha256:/,
  ],
  [
    'a report of another model',
    () => reportOfTwo((report) => (report.model = 'other')),
    /of other; allowed: one about/,
  ],
  [
    'a report that leaves a gate out',
    () => reportOfTwo((report) => (report.gates = report.gates.slice(1))),
    /report.json of late-order version 2: gate artifact-contract: received no answer/,
  ],
  [
    'a report with a gate that passes over its failing check',
    () =>
      reportOfTwo((report) => (report.gates[4] as (typeof report.gates)[0]).checks.map((c) => (c.outcome = 'fail'))),
    /gate champion: received pass, though the worst of 1 checks is fail/,
  ],
])('a forged report, %s, is bad input, and nothing changes', async (_, content, message) => {
  const copy = made.workspace.copy();
  await forge(copy, content());
  const before = copy.filesIn('models');
  const ended = await copy.run(['promote', 'late-order', '--version', '2']);
  expect(ended).toMatchObject({ exitCode: 2, stdout: '', stderr: expect.stringMatching(message) });
  expect(copy.filesIn('models')).toEqual(before);
  expect(await registryOf(copy).getAlias('late-order', 'champion')).toBe(1);
});
