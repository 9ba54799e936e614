import { microseconds } from '@repo/contract/duration';
import type { InstantUs } from '@repo/contract/instant';
import type { LookedUpViewSpec, View } from '@repo/contract/view';
import type { Database } from '@repo/datasets/database';
import { identifier, quoteText } from '@repo/datasets/sql-text';
import { materialize } from '@repo/features/materialize';
import type { OnlineStore, StoredView } from '@repo/features/online-store';

const dayUs = microseconds('1d');
/** Rows are chosen by the source's event time; what a view reads of them may have happened up to two days later. */
const marginUs = 2 * dayUs;

export interface FeatureClockOptions {
  readonly database: Database;
  readonly views: readonly View[];
  /** Parquet file of each source, by name. */
  readonly dataPaths: Readonly<Record<string, string>>;
  readonly store: OnlineStore;
}

/** Keeps the online store at a moment of event time. */
export interface FeatureClock {
  /** Computes what the store holds at a moment, without touching it: the next tick is made ready while requests of this one are under way. */
  prepare(atUs: InstantUs): Promise<readonly StoredView[]>;
  /** Puts it into the store. */
  show(views: readonly StoredView[]): Promise<void>;
}

/** How far back a view looks. */
const reachUs = ({ spec }: View<LookedUpViewSpec>): number =>
  microseconds(spec.kind === 'window' ? spec.window : spec.ttl);

/** Views by how many days of their source they need; what looks back longer than two months is a register, and needs all of it. */
function groups(views: readonly View[]): Map<number | null, View[]> {
  const lookedUp = views.filter((view): view is View<LookedUpViewSpec> => view.spec.kind !== 'request');
  return Map.groupBy(lookedUp, (view) => {
    const days = Math.ceil(reachUs(view) / dayUs);
    return days > 60 ? null : days <= 1 ? 1 : days;
  });
}

/**
 * Makes the clock. Each day it takes the rows that views can still see into memory, so that a tick reads days and not the year; the values are
 * those that `causeway materialize` would store, made by the same function.
 */
export function createFeatureClock({ database, views, dataPaths, store }: FeatureClockOptions): FeatureClock {
  const byReach = [...groups(views)];
  let day = Number.NaN;

  const takeDay = async (atUs: InstantUs): Promise<void> => {
    if (day === Math.floor(atUs / dayUs)) return;
    day = Math.floor(atUs / dayUs);
    for (const [reach, members] of byReach) {
      for (const { name, eventTime } of new Map(members.map(({ source }) => [source.name, source])).values()) {
        const [from, to] = [(day - (reach ?? 0)) * dayUs - marginUs, day * dayUs + marginUs];
        const only =
          reach === null || eventTime === null
            ? ''
            : `WHERE epoch_us(${identifier(eventTime)}) >= ${from} AND epoch_us(${identifier(eventTime)}) < ${to}`;
        await database.run(
          `CREATE OR REPLACE TABLE ${identifier(tableOf(name, reach))} AS
           SELECT * FROM read_parquet(${quoteText(dataPaths[name] as string)}, hive_partitioning = false) ${only}`,
        );
      }
    }
  };

  return {
    prepare: async (atUs) => {
      const isFirst = Number.isNaN(day);
      await takeDay(atUs);
      const made: StoredView[] = [];
      const collecting: OnlineStore = {
        ...store,
        put: async (ready) => {
          made.push(...ready);
          return ready.map(({ view }) => view);
        },
      };
      for (const [reach, members] of byReach) {
        // A register is all known beforehand: once is enough.
        if (reach === null && !isFirst) continue;
        const relations = Object.fromEntries(members.map(({ source }) => [source.name, tableOf(source.name, reach)]));
        await materialize(database, { views: members, relations, atUs, store: collecting });
      }
      return made;
    },
    show: async (ready) => {
      await store.put(ready);
    },
  };
}

const tableOf = (source: string, reach: number | null): string =>
  `${source.replaceAll('-', '_')}_${reach === null ? 'all' : `${reach}_days`}`;
