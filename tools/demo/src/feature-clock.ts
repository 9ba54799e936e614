import { microseconds } from '@repo/contract/duration';
import type { InstantUs } from '@repo/contract/instant';
import type { LookedUpViewSpec, View } from '@repo/contract/view';
import type { Database } from '@repo/datasets/database';
import { identifier, quoteText } from '@repo/datasets/sql-text';
import { materialize } from '@repo/features/materialize';
import type { OnlineStore } from '@repo/features/online-store';
import { type MomentValues, valuesAtMoments } from '@repo/features/values-at-moments';

const dayUs = microseconds('1d');
/** Rows are chosen by the source's event time; what a view reads of them may have happened up to two days later. */
const marginUs = 2 * dayUs;

export interface FeatureClockOptions {
  readonly database: Database;
  readonly views: readonly View[];
  /** Parquet file of each source, by name. */
  readonly dataPaths: Readonly<Record<string, string>>;
  readonly store: OnlineStore;
  /** All moments that will be shown, rising. */
  readonly ticks: readonly InstantUs[];
}

/** Keeps the online store at a moment of event time. */
export interface FeatureClock {
  /** Moves the store to a tick: it then holds what was known at that moment, and nothing from its future. Ticks are shown in their order. */
  show(tickUs: InstantUs): Promise<void>;
}

/** How far back a view looks. */
const reachUs = ({ spec }: View<LookedUpViewSpec>): number =>
  microseconds(spec.kind === 'window' ? spec.window : spec.ttl);

const dayOf = (us: InstantUs): number => Math.floor(us / dayUs);

/** Views by how many days of their source they need; what looks back longer than two months is a register, and all of it is known beforehand. */
function groups(views: readonly View[]): Map<number | null, View<LookedUpViewSpec>[]> {
  const lookedUp = views.filter((view): view is View<LookedUpViewSpec> => view.spec.kind !== 'request');
  return Map.groupBy(lookedUp, (view) => {
    const days = Math.ceil(reachUs(view) / dayUs);
    return days > 60 ? null : days;
  });
}

const tableOf = (source: string, reach: number | null): string =>
  `${source.replaceAll('-', '_')}_${reach === null ? 'all' : `${reach}_days`}`;

/**
 * Makes the clock. A day of ticks is computed at once, while the day before is replayed: values are those that `causeway materialize` stores, by
 * the same SQL, for a small part of its time.
 */
export function createFeatureClock({ database, views, dataPaths, store, ticks }: FeatureClockOptions): FeatureClock {
  const byReach = [...groups(views)];
  const ticksOf = Map.groupBy(ticks, dayOf);
  const days = new Map<number, Promise<Map<InstantUs, MomentValues>>>();
  let working: Promise<unknown> = Promise.resolve();

  const loadRows = async (
    day: number,
    reach: number | null,
    members: readonly View[],
  ): Promise<Record<string, string>> => {
    const relations: Record<string, string> = {};
    for (const { name, eventTime } of new Map(members.map(({ source }) => [source.name, source])).values()) {
      const time = eventTime === null ? null : `epoch_us(${identifier(eventTime)})`;
      const [from, to] = [(day - (reach ?? 0)) * dayUs - marginUs, (day + 1) * dayUs + marginUs];
      const only = reach === null || time === null ? '' : `WHERE ${time} >= ${from} AND ${time} < ${to}`;
      relations[name] = tableOf(name, reach);
      await database.run(
        `CREATE OR REPLACE TABLE ${identifier(tableOf(name, reach))} AS
         SELECT * FROM read_parquet(${quoteText(dataPaths[name] as string)}, hive_partitioning = false) ${only}`,
      );
    }
    return relations;
  };

  const first = ticks[0] ?? 0;
  const computeDay = async (day: number): Promise<Map<InstantUs, MomentValues>> => {
    const moments = ticksOf.get(day) ?? [];
    const all = new Map(moments.map((at) => [at, { whole: [], changed: [] } as MomentValues]));
    const before = ticks[ticks.indexOf(moments[0] ?? first) - 1] ?? first;
    for (const [reach, members] of byReach) {
      if (reach === null && day !== dayOf(first)) continue;
      const relations = await loadRows(day, reach, members);
      if (day === dayOf(first)) await materialize(database, { views: members, relations, atUs: first, store });
      if (reach === null) continue;
      const made = await valuesAtMoments(database, { views: members, relations, moments, sinceUs: before });
      for (const [at, { whole, changed }] of made) {
        const sum = all.get(at) as MomentValues;
        all.set(at, { whole: [...sum.whole, ...whole], changed: [...sum.changed, ...changed] });
      }
    }
    return all;
  };

  /** One day after the other: they share tables. */
  const prepare = (day: number): Promise<Map<InstantUs, MomentValues>> => {
    const known = days.get(day);
    if (known !== undefined) return known;
    const made = working.then(() => computeDay(day));
    working = made.catch(() => {});
    days.set(day, made);
    return made;
  };

  return {
    show: async (tickUs) => {
      const day = dayOf(tickUs);
      const values = (await prepare(day)).get(tickUs);
      if (values === undefined) throw new RangeError(`${tickUs} is none of the ticks that were announced`);
      // Made ready while this day is replayed; whether it went well is heard when it is shown.
      if (ticksOf.has(day + 1)) prepare(day + 1).catch(() => {});
      days.delete(day - 1);
      await store.put(values.whole);
      await store.refresh(values.changed);
    },
  };
}
