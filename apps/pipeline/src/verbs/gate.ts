import { writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { canonicalJson } from '@repo/contract/canonical-json';
import type { GateReport } from '@repo/contract/gate-report';
import { type GateVerdict, gateVerdict } from '@repo/contract/gate-verdict';
import type { Model } from '@repo/contract/model';
import { consoleTable } from '@repo/gates/report/console-table';
import { renderHtml } from '@repo/gates/report/render-html';
import { renderJunit } from '@repo/gates/report/render-junit';
import { renderMarkdown } from '@repo/gates/report/render-markdown';
import { runGates } from '@repo/gates/run-gates';
import type { Context } from '../context.ts';
import { type GateTargets, gatherEvidence } from '../gate/gather-evidence.ts';
import type { Outcome } from '../outcome.ts';
import { replaceFolder } from '../replace-folder.ts';

/** What is judged, and what the exit code is to say. */
export interface GateOptions extends GateTargets {
  /** Exit with 0 whatever the verdict: the report was written, and that is what the cached target of Nx is for. */
  reportOnly: boolean;
}

const exitCodes = { pass: 0, fail: 1, inconclusive: 3 } as const satisfies Record<GateVerdict['outcome'], number>;

/** Writes report.json and what is rendered from it; the folder appears whole or stays as it was. */
async function writeReport(dir: string, report: GateReport, verdict: GateVerdict): Promise<void> {
  const files = {
    'report.json': `${canonicalJson(report)}\n`,
    'report.md': renderMarkdown(report, verdict),
    'junit.xml': renderJunit([{ report, verdict }]),
    'report.html': await renderHtml(report, verdict),
  };
  await replaceFolder(dir, async (part) => {
    for (const [name, content] of Object.entries(files)) await writeFile(join(part, name), content, { flush: true });
  });
}

/**
 * `causeway gate <model>`: judges a candidate by every gate against the champion, and writes the report in all its forms. Exit code 0 pass,
 * 1 fail, 3 cannot be told yet.
 */
export async function gateStage(context: Context, model: Model, options: GateOptions): Promise<Outcome> {
  const { workspace, progress, nowUs } = context;
  const { evidence, release } = await gatherEvidence(context, model, options);
  let report: GateReport;
  try {
    report = await runGates(evidence, { nightly: options.rebuild, progress });
  } finally {
    await release();
  }
  const verdict = gateVerdict(report, nowUs / 1000);
  const dir = workspace.stageDir(model.name, 'gate');
  await writeReport(dir, report, verdict);
  const path = relative(workspace.root, join(dir, 'report.html'));
  const { candidate, champion, primary, gates } = report;
  return {
    exitCode: options.reportOnly ? 0 : exitCodes[verdict.outcome],
    json: {
      model: model.name,
      verdict: verdict.outcome,
      candidate,
      champion,
      primary,
      gates: Object.fromEntries(gates.map(({ gate, outcome }) => [gate, outcome])),
      waived: verdict.waived.map(({ gate }) => gate),
      report: path,
    },
    text: `${consoleTable({ report, verdict })}\nreport ${path}`,
  };
}
