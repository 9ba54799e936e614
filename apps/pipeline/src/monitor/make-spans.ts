import { canonicalJson } from '@repo/contract/canonical-json';
import { microseconds } from '@repo/contract/duration';
import type { Model } from '@repo/contract/model';
import type { Profile } from '@repo/contract/profile';
import type { Database } from '@repo/datasets/database';
import { accumulateWindows } from '@repo/monitoring/accumulate-windows';
import { isMatured } from '@repo/monitoring/fair-labels';
import type { Maturity } from '@repo/monitoring/join-labels';
import type { Window } from '@repo/monitoring/window';
import type { LookBack } from './look-back.ts';
import type { MonitorStore, Span } from './monitor-store.ts';

export interface MakeSpansOptions {
  readonly model: Model;
  readonly relation: string | null;
  readonly profiles: ReadonlyMap<string, Profile | null>;
  readonly maturity: Maturity;
  readonly atUs: number;
}

/** Where the spans to make begin, oldest first: all whole ones since the first answer that is looked at. */
async function spansOf(database: Database, { windowUs, fromUs, endUs }: LookBack): Promise<number[]> {
  const [row] = await database.rows('SELECT min(at_us) AS first_us FROM outcomes');
  if (row === undefined || row.first_us === null) return [];
  const first = Math.max(Math.floor(Number(row.first_us) / windowUs) * windowUs, fromUs);
  return Array.from({ length: Math.max(0, (endUs - first) / windowUs) }, (_, i) => first + i * windowUs);
}

/** Whether a file that is there says the same already, whenever it was made. */
const isSame = (there: Span | undefined, span: Span): boolean =>
  there !== undefined && canonicalJson({ ...there, atUs: 0 }) === canonicalJson({ ...span, atUs: 0 });

/**
 * Makes the windows of what is looked at from the view `outcomes`, and puts each span into the store, oldest first: killed in between, the next run
 * makes the rest. What labels say is counted anew each time, as they come late and are corrected; features, which are most of the work, are taken
 * from the store where it has as many answers. Returns all windows, oldest first.
 */
export async function makeSpans(
  database: Database,
  store: MonitorStore,
  look: LookBack,
  options: MakeSpansOptions,
): Promise<Window[]> {
  const { model, relation, profiles, maturity, atUs } = options;
  const { windowUs, endUs } = look;
  const begins = await spansOf(database, look);
  const stored = new Map(store.spans(windowUs).map((span) => [span.fromUs, span]));
  const known = [...stored.values()].flatMap(({ windows }) => windows);
  const made: Window[] = [];
  const common = { model: model.name, task: model.task, windowUs, fromUs: begins[0] ?? endUs, toUs: endUs };
  for (const [version, profile] of profiles) {
    const ofVersion = known.filter((window) => window.version === version);
    made.push(...(await accumulateWindows(database, relation, { ...common, version, profile }, ofVersion)));
  }
  const bySpan = Map.groupBy(made, (window) => window.fromUs);
  const settledUs =
    microseconds(model.cutoff.lead) + 2 * Math.max(maturity.delayUs, microseconds(model.label.knownAfter));
  for (const fromUs of begins) {
    const toUs = fromUs + windowUs;
    const windows = bySpan.get(fromUs) ?? [];
    // Who is asked long before the lead answers about events that are further off.
    const isSettled = windows.every((window) => window.levels.champion === undefined || isMatured([window]));
    const final = toUs + settledUs <= atUs && isSettled;
    const span: Span = { schemaVersion: 1, model: model.name, fromUs, toUs, atUs, final, windows };
    if (!isSame(stored.get(fromUs), span)) await store.putSpan(span);
  }
  return made.sort((a, b) => a.fromUs - b.fromUs || (a.version < b.version ? -1 : 1));
}
