import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Duration, microseconds } from '@repo/contract/duration';
import { InputError, show } from '@repo/contract/input-error';
import { formatInstant } from '@repo/contract/instant';
import type { Model } from '@repo/contract/model';
import { type MonitorFindings, monitorFindingsSchema } from '@repo/contract/monitor-findings';
import { type Database, openDatabase } from '@repo/datasets/database';
import { evaluateLabelCoverage } from '@repo/monitoring/evaluate-label-coverage';
import { evaluateQuality } from '@repo/monitoring/evaluate-quality';
import { fairLabels } from '@repo/monitoring/fair-labels';
import { gatherQuality } from '@repo/monitoring/gather-quality';
import type { AnswerClock } from '@repo/monitoring/open-answers';
import { renderMonitor } from '@repo/monitoring/render-monitor';
import type { Window } from '@repo/monitoring/window';
import { localStateDir } from '@repo/registry/local-state-dir';
import { openObjects } from '@repo/registry/open-objects';
import type { Context } from '../context.ts';
import { largeTables } from '../large-tables.ts';
import { withLock } from '../lock.ts';
import { logRelation } from '../log-relation.ts';
import { evaluateInput, mainVersion } from '../monitor/evaluate-input.ts';
import { exitCodeOf } from '../monitor/exit-code.ts';
import { findJointDrift, jointDriftFromUs } from '../monitor/joint-drift.ts';
import { type LookBack, lookBack } from '../monitor/look-back.ts';
import { makeSpans } from '../monitor/make-spans.ts';
import { openMonitorStore } from '../monitor/monitor-store.ts';
import { monitorText } from '../monitor/monitor-text.ts';
import { openOutcomes } from '../monitor/open-outcomes.ts';
import { servedBasis } from '../monitor/served-basis.ts';
import { servedProfiles } from '../monitor/served-profiles.ts';
import { fetchLog, fetchWindows, shareMonitor } from '../monitor/share-monitor.ts';
import type { Outcome } from '../outcome.ts';

/** What is looked at, and up to when. Paths are relative to where the command runs. */
export interface MonitorOptions {
  /** Folder of the prediction log; null: the one in the state folder. */
  readonly log: string | null;
  /** File or folder of labels; null: the table of the model's events. */
  readonly labels: string | null;
  /** Nothing that was answered or observed later is looked at, UTC microseconds; cut to the second, which findings are named by. */
  readonly atUs: number;
  readonly clock: AnswerClock;
  /** Length of a window; null: what the definition says. */
  readonly window: Duration | null;
}

/** Windows are parts of a day, or whole days: days are what everything is compared by. */
function windowLength(window: Duration): number {
  const [us, dayUs] = [microseconds(window), microseconds('1d')];
  if (us > 0 && (dayUs % us === 0 || us % dayUs === 0)) return us;
  const allowed = 'a part of a day such as 1h or 6h, or whole days';
  throw new InputError({ path: '--window', received: show(window), allowed, action: 'choose one of these' });
}

/** The newest whole window, of all versions; one in which nobody answered has no rows. */
function newestWindow(windows: readonly Window[], { windowUs, endUs }: LookBack): MonitorFindings['window'] {
  const rows = windows.filter(({ toUs }) => toUs === endUs).reduce((sum, window) => sum + window.rows, 0);
  return { from: formatInstant(endUs - windowUs), to: formatInstant(endUs), rows };
}

async function monitor(context: Context, model: Model, options: MonitorOptions, database: Database, dir: string) {
  const { workingDir, workspace, stateUrl, progress } = context;
  const given = (path: string | null) => (path === null ? null : resolve(workingDir, path));
  const { clock } = options;
  const atUs = Math.floor(options.atUs / 1e6) * 1e6;
  const look = lookBack(model, windowLength(options.window ?? model.monitoring.quality.window), atUs);
  const objects = (folder: string) => openObjects(stateUrl, workspace.root, folder);
  const local = () => join(localStateDir(stateUrl, workspace.root), 'predictions');
  const { endUs } = look;
  const openFrom = Math.min(look.answersFromUs, jointDriftFromUs(endUs));
  const fetched = () => fetchLog(objects('predictions'), model.name, openFrom);
  const logDir = given(options.log) ?? (await fetched()) ?? local();
  const { relation, damaged } = logRelation(logDir, model.name, dir);
  if (damaged > 0) progress.line(`${damaged} lines of the log are damaged and left out`);
  const asked = { model, relation, labels: given(options.labels), clock, atUs };
  const store = openMonitorStore(context, model.name);
  await fetchWindows(objects('monitor'), model.name, store.dir);
  const maturity = await openOutcomes(context, database, asked, openFrom);
  const profiles = await servedProfiles(context, model, database);
  const windows = await makeSpans(database, store, look, { model, relation, profiles, maturity, atUs });
  const { objectives } = model.monitoring;
  const judged = fairLabels(windows, objectives.labelCoverage);
  const version = mainVersion(windows);
  const evidence = await gatherQuality(database, { model, version, maturity, windows: judged, atUs });
  const basis = !profiles.get(version ?? '') ? null : await servedBasis(context, model.name, version);
  const joint = await findJointDrift(database, { relation, windows, profiles, endUs });
  const found: MonitorFindings = monitorFindingsSchema.parse({
    schemaVersion: 1,
    model: model.name,
    at: formatInstant(atUs),
    window: newestWindow(windows, look),
    version,
    findings: [
      ...evaluateQuality(evidence),
      ...evaluateLabelCoverage({ windows, endUs, objectives }),
      ...evaluateInput({ model, windows: judged, profiles, basis, endUs }),
      ...joint,
    ],
  });
  await store.putFindings(found);
  await shareMonitor(objects('monitor'), model.name, store.dir);
  const page = await store.putPage(atUs, await renderMonitor({ model, found, evidence, windows, profiles }));
  return { found, page };
}

/**
 * `causeway monitor <model>`: makes the windows up to now, joins the labels that are known, and says what is wrong: exit code 1 when something
 * pages, 3 when too few labels are known to judge the model. The same moment gives the same windows and findings however often it is asked.
 */
export async function monitorVerb(context: Context, model: Model, options: MonitorOptions): Promise<Outcome> {
  const { workspace, progress } = context;
  const wait = () => progress.line(`waiting for another monitor of ${model.name}`);
  // Not the lock of its stages: it is asked while the model is trained.
  return withLock(workspace.lockPath(`monitor-${model.name}`), wait, () => watch(context, model, options));
}

async function watch(context: Context, model: Model, options: MonitorOptions): Promise<Outcome> {
  const temporaryDir = await mkdtemp(join(tmpdir(), 'monitor-'));
  const database = await openDatabase(largeTables);
  try {
    const { found, page } = await monitor(context, model, options, database, temporaryDir);
    return { exitCode: exitCodeOf(found.findings, model.task), json: found, text: monitorText(found, page) };
  } finally {
    database.close();
    await rm(temporaryDir, { recursive: true, force: true });
  }
}
