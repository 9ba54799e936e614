import { formatInstant, type InstantUs } from '@repo/contract/instant';
import { type Finding, monitorFindingsSchema } from '@repo/contract/monitor-findings';
import type { DemoWorkspace } from './demo-workspace.ts';
import { runCauseway } from './run-causeway.ts';

/** What `causeway monitor` said at one moment of event time. */
export interface Watched {
  readonly at: string;
  /** Findings of each outcome. */
  readonly counts: Readonly<Record<Finding['outcome'], number>>;
  /** The limit that realised log-loss is held to; null: it was not judged. */
  readonly limit: number | null;
  /** Those that page or warn, pages first. */
  readonly spoken: readonly Finding[];
}

/** Asks the monitors of a model at a moment of event time: answers are placed at their cut-off, and no later label is known. */
export async function watchModel({ root, stateDir, model }: DemoWorkspace, atUs: InstantUs): Promise<Watched> {
  const at = formatInstant(atUs);
  const { json } = await runCauseway({ root, stateDir }, ['monitor', model, '--replay', '--at', at]);
  const { findings } = monitorFindingsSchema.parse(json);
  const of = (outcome: Finding['outcome']) => findings.filter((finding) => finding.outcome === outcome);
  const [page, warn] = [of('page'), of('warn')];
  const counts = { page: page.length, warn: warn.length, ok: of('ok').length, 'no-verdict': of('no-verdict').length };
  const realised = findings.find(
    ({ kind, name, subject }) => kind === 'model' && name === 'logLoss' && subject === null,
  );
  return { at, counts, limit: realised?.limit?.at ?? null, spoken: [...page, ...warn] };
}

/** Whether somebody was woken for the model itself: what is told besides, such as winter weather that training saw less of, is for the weekly page. */
export const speaks = ({ spoken }: Watched): boolean =>
  spoken.some(({ kind, outcome }) => outcome === 'page' && kind === 'model');
