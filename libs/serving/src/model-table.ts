import type { Experiment } from '@repo/contract/experiment';
import { show } from '@repo/contract/input-error';
import { ServiceError } from '@repo/contract/service-error';
import { LoadFailure } from './load-failure.ts';
import type { ServedModel } from './served-model.ts';

/** A version of a model, and how far it is. `isDefault`: it answers when no version is asked for. */
export type ModelEntry = { readonly name: string; readonly version: string; readonly isDefault: boolean } & (
  | { readonly state: 'loading' }
  | { readonly state: 'ready'; readonly model: ServedModel }
  /** `reason` is for the log: it may name files. The version is empty when not even that is known. */
  | { readonly state: 'failed'; readonly reason: string; readonly failure: LoadFailure }
);

/** What a model serves from one moment on. Versions are listed once; `current` and `previous` are among them. */
export interface Lineup {
  readonly name: string;
  readonly current: string;
  /** The version before the champion, kept warm to stand in for it. */
  readonly previous: string | null;
  readonly versions: readonly (ServedModel | ClosedVersion)[];
  /** Divides requests that name no version among versions; some of these may be closed. Default: none. */
  readonly experiment?: Experiment | null;
}

/** A version that should be open and is not. */
interface ClosedVersion {
  readonly version: string;
  readonly reason: string;
  readonly failure: LoadFailure;
}

/** A version that stays open, swaps notwithstanding, until it is released. */
export interface Hold {
  readonly model: ServedModel;
  /** Stands in for `model`, where that is the champion and its fallback chain lists `previous`. */
  readonly previous: ServedModel | null;
  /** Repeating it changes nothing. */
  release(): void;
}

/** The models that this process serves. One pointer for each model says which version answers; a swap moves it at once. */
export interface ModelTable {
  /** Every version of every model, the default of each first. */
  entries(): readonly ModelEntry[];
  /** The versions of a model that are ready; empty for an unknown name. */
  versions(name: string): readonly string[];
  /** The entry of a name and version; no version means the default. Throws ServiceError unknown_model or unknown_version. */
  entry(name: string, version?: string): ModelEntry;
  /** The model to answer with in this turn of the event loop. Throws as {@link ModelTable.entry}, and ServiceError model_not_ready. */
  find(name: string, version?: string): ServedModel;
  /** As {@link ModelTable.find}, for work that takes longer than a turn. */
  hold(name: string, version?: string): Hold;
  /** The lineup that serves, or null. */
  lineup(name: string): Lineup | null;
  /** False while a run of any version, those of old lineups included, is stuck. */
  live(): boolean;
  /** Lists a model as loading, unless it serves. */
  announce(name: string, version: string): void;
  /** From now on answers with this lineup. Versions it no longer has are closed when nobody holds them any more. */
  serve(lineup: Lineup): void;
  /** From now on the name is unknown. */
  remove(name: string): void;
  /** Removes everything; resolves when all versions are closed. */
  release(): Promise<void>;
}

interface OpenVersion {
  readonly model: ServedModel;
  holds: number;
  retired: boolean;
}

/** Made anew at each swap, so that a request reads what was worked out before. */
interface Slot {
  readonly lineup: Lineup;
  readonly open: ReadonlyMap<string, OpenVersion>;
  readonly entries: readonly ModelEntry[];
  readonly byVersion: ReadonlyMap<string, ModelEntry>;
}

const isModel = (version: Lineup['versions'][number]): version is ServedModel => 'run' in version;

function createSlot(lineup: Lineup, open: ReadonlyMap<string, OpenVersion>, loading: boolean): Slot {
  const { name, current } = lineup;
  const entries = lineup.versions.map((found): ModelEntry => {
    const common = { name, version: found.version, isDefault: found.version === current };
    if (isModel(found)) return { ...common, state: 'ready', model: found };
    if (loading) return { ...common, state: 'loading' };
    return { ...common, state: 'failed', reason: found.reason, failure: found.failure };
  });
  entries.sort((a, b) => Number(b.isDefault) - Number(a.isDefault));
  return { lineup, open, entries, byVersion: new Map(entries.map((entry) => [entry.version, entry])) };
}

/** Makes an empty table. */
export function createModelTable(): ModelTable {
  const slots = new Map<string, Slot>();
  const retiring = new Set<OpenVersion>();
  const closing = new Set<Promise<void>>();

  const close = async (open: OpenVersion): Promise<void> => {
    // A model that fails to close has nothing more to lose; what counts is that the others are closed too.
    await open.model.close().catch(() => {});
    retiring.delete(open);
  };
  const closeIfIdle = (open: OpenVersion): void => {
    if (!open.retired || open.holds > 0) return;
    const closed = close(open);
    closing.add(closed);
    closed.finally(() => closing.delete(closed)).catch(() => {});
  };
  const retire = (open: OpenVersion): void => {
    open.retired = true;
    retiring.add(open);
    closeIfIdle(open);
  };
  const slotOf = (name: string): Slot => {
    const slot = slots.get(name);
    if (slot !== undefined) return slot;
    const allowed = [...slots.keys()].join(', ') || 'none: no model is served';
    throw new ServiceError('unknown_model', { path: 'model', received: show(name), allowed });
  };
  const entry = (name: string, version?: string): ModelEntry => {
    const { entries, byVersion } = slotOf(name);
    const found = version === undefined ? entries[0] : byVersion.get(version);
    if (found !== undefined) return found;
    const allowed = entries.map((candidate) => candidate.version).join(', ');
    throw new ServiceError('unknown_version', { path: `version of ${name}`, received: show(version), allowed });
  };
  const openOf = (name: string, version?: string): OpenVersion => {
    const slot = slotOf(name);
    const open = slot.open.get(version ?? slot.lineup.current);
    if (open !== undefined) return open;
    throw new ServiceError('model_not_ready', { path: `model ${name}`, received: entry(name, version).state });
  };
  const remove = (name: string): void => {
    const slot = slots.get(name);
    slots.delete(name);
    for (const open of slot?.open.values() ?? []) retire(open);
  };
  return {
    entries: () => [...slots.values()].flatMap((slot) => slot.entries),
    versions: (name) => [...(slots.get(name)?.open.keys() ?? [])],
    entry,
    find: (name, version) => openOf(name, version).model,
    hold: (name, version) => {
      const open = openOf(name, version);
      const { lineup, open: others } = slotOf(name);
      const isCurrent = open.model.version === lineup.current;
      const previous = isCurrent && lineup.previous !== null ? others.get(lineup.previous) : undefined;
      const held = previous === undefined ? [open] : [open, previous];
      for (const version of held) version.holds++;
      const release = () => {
        for (const version of held.splice(0)) {
          version.holds--;
          closeIfIdle(version);
        }
      };
      return { model: open.model, previous: previous?.model ?? null, release };
    },
    lineup: (name) => slots.get(name)?.lineup ?? null,
    live: () => {
      const open = [...slots.values()].flatMap((slot) => [...slot.open.values()]);
      return [...open, ...retiring].every(({ model }) => model.live());
    },
    announce: (name, version) => {
      if ((slots.get(name)?.open.size ?? 0) > 0) return;
      const lineup = {
        name,
        current: version,
        previous: null,
        versions: [{ version, reason: '', failure: LoadFailure.unavailable }],
      };
      slots.set(name, createSlot(lineup, new Map(), true));
    },
    serve: (lineup) => {
      const before = slots.get(lineup.name)?.open ?? new Map<string, OpenVersion>();
      const kept = new Map([...before.values()].map((open) => [open.model, open]));
      const open = new Map<string, OpenVersion>();
      for (const model of lineup.versions.filter(isModel)) {
        open.set(model.version, kept.get(model) ?? { model, holds: 0, retired: false });
        kept.delete(model);
      }
      slots.set(lineup.name, createSlot(lineup, open, false));
      for (const old of kept.values()) retire(old);
    },
    remove,
    release: async () => {
      for (const name of [...slots.keys()]) remove(name);
      await Promise.all(closing);
    },
  };
}
