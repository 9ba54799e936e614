import { microseconds } from '@repo/contract/duration';
import type { Model } from '@repo/contract/model';
import type { Profile } from '@repo/contract/profile';
import type { Database } from '@repo/datasets/database';
import { accumulateWindows } from '@repo/monitoring/accumulate-windows';
import { isMatured } from '@repo/monitoring/fair-labels';
import type { Maturity } from '@repo/monitoring/join-labels';
import type { Window } from '@repo/monitoring/window';
import type { MonitorStore, Span } from './monitor-store.ts';

/** Spans further back than this many are not made. */
const mostSpans = 400;

export interface SpanPlan {
  readonly windowUs: number;
  /** Beginnings of the spans to make, oldest first. */
  readonly toMake: readonly number[];
  /** What is there already and stays. */
  readonly kept: readonly Span[];
}

/**
 * Which spans to make: all whole ones between the first answer and `atUs` that are not there, or were made before their labels had time, or are
 * from the future of `atUs`.
 */
export function planSpans(store: MonitorStore, windowUs: number, firstUs: number | null, atUs: number): SpanPlan {
  const end = Math.floor(atUs / windowUs) * windowUs;
  const kept = store
    .spans(windowUs)
    .filter((span) => span.final && span.atUs <= atUs && span.toUs <= end && (firstUs === null || span.toUs > firstUs));
  const there = new Set(kept.map(({ fromUs }) => fromUs));
  const first =
    firstUs === null ? end : Math.max(Math.floor(firstUs / windowUs) * windowUs, end - mostSpans * windowUs);
  const toMake: number[] = [];
  for (let fromUs = first; fromUs < end; fromUs += windowUs) if (!there.has(fromUs)) toMake.push(fromUs);
  return { windowUs, toMake, kept };
}

export interface MakeSpansOptions {
  readonly model: Model;
  readonly relation: string | null;
  readonly profiles: ReadonlyMap<string, Profile | null>;
  readonly maturity: Maturity;
  readonly atUs: number;
}

/** Makes what the plan says and puts each span into the store, oldest first: killed in between, the next run makes the rest. Returns all windows. */
export async function makeSpans(
  database: Database,
  store: MonitorStore,
  { windowUs, toMake, kept }: SpanPlan,
  options: MakeSpansOptions,
): Promise<Window[]> {
  const { model, relation, profiles, maturity, atUs } = options;
  const [fromUs, last] = [toMake[0], toMake.at(-1)];
  const made: Window[] = [];
  if (fromUs !== undefined && last !== undefined) {
    const wanted = new Set(toMake);
    const common = { model: model.name, task: model.task, windowUs, fromUs, toUs: last + windowUs };
    for (const [version, profile] of profiles) {
      const windows = await accumulateWindows(database, relation, { ...common, version, profile });
      made.push(...windows.filter((window) => wanted.has(window.fromUs)));
    }
  }
  const bySpan = Map.groupBy(made, (window) => window.fromUs);
  const settledUs =
    microseconds(model.cutoff.lead) + 2 * Math.max(maturity.delayUs, microseconds(model.label.knownAfter));
  for (const from of toMake) {
    const toUs = from + windowUs;
    const windows = bySpan.get(from) ?? [];
    // Who is asked long before the lead answers about events that are further off.
    const isSettled = windows.every((window) => window.levels.champion === undefined || isMatured([window]));
    const final = toUs + settledUs <= atUs && isSettled;
    await store.putSpan({ schemaVersion: 1, model: model.name, fromUs: from, toUs, atUs, final, windows });
  }
  return [...kept.flatMap(({ windows }) => windows), ...made].sort(
    (a, b) => a.fromUs - b.fromUs || (a.version < b.version ? -1 : 1),
  );
}
