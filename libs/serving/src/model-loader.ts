import { InputError, show } from '@repo/contract/input-error';
import { ServiceError } from '@repo/contract/service-error';
import { createCandidateOpener } from './candidate-opener.ts';
import type { Champions } from './champions.ts';
import { LoadFailure, loadFailureOf } from './load-failure.ts';
import type { LoadTarget } from './load-target.ts';
import type { ModelRepository } from './model-repository.ts';
import type { ModelTable } from './model-table.ts';
import { type LoadEvent, openLineup } from './open-lineup.ts';
import { createPollBackoff } from './poll-backoff.ts';
import type { ServedModel, ServingOptions } from './served-model.ts';

/** Brings the table to what git, the registry and the repository say. One model loads at a time: the memory of one load is the peak. */
export interface ModelLoader {
  /** Loads everything, one model after the other; a damaged one is listed with its reason and keeps nobody from serving. */
  start(): Promise<void>;
  /** True until {@link ModelLoader.start} has listed every model that must be served. */
  listing(): boolean;
  /**
   * Loads what a name should serve now and swaps to it; what serves already is left as it is. Throws ServiceError unknown_model, or
   * load_failed, and then serves what it served before.
   */
  load(name: string): Promise<ServedModel>;
  /** Serves the name no more until it is loaded again. Throws ServiceError unknown_model. */
  unload(name: string): Promise<void>;
  /**
   * Swaps the models whose champion changed; plain models change only when they are loaded. Never throws. What failed for a reason that stays is not tried again until it changes; what
   * took too long, and a version that only stands beside, at ever fewer of the polls; everything else each time.
   */
  refresh(): Promise<void>;
  /** Loads nothing more and gives up the load under way; resolves when that is over. */
  close(): Promise<void>;
}

export interface ModelLoaderOptions {
  readonly table: ModelTable;
  readonly champions: Champions;
  readonly repository: ModelRepository | null;
  readonly serving: ServingOptions;
  /** Longest that opening a version may take, from the first byte to the last run of its warm-up. */
  readonly loadTimeoutMs: number;
  report(event: LoadEvent): void;
}

function clash(name: string): InputError {
  return new InputError({
    path: 'MODEL_REPOSITORY',
    received: `${show(name)}, which is a folder of MODELS_DIR too`,
    allowed: 'one model for each name',
    action: 'rename one of the two folders',
  });
}

/** Identity of a target: with the same one nothing has changed. */
const keyOf = ({ current, previous, trial = null }: LoadTarget): string =>
  [current.version, current.digest, previous?.version, previous?.digest, JSON.stringify(trial?.experiment)].join(' ');

/** Lists what there is to load. Throws InputError when a folder cannot be read, or when a name is in both. */
export async function createModelLoader(options: ModelLoaderOptions): Promise<ModelLoader> {
  const { table, champions, repository } = options;
  const opener = createCandidateOpener(options.serving, options.loadTimeoutMs);
  const bundles = await champions.names();
  const plain = (await repository?.names()) ?? [];
  const twice = plain.find((name) => bundles.includes(name));
  if (twice !== undefined) throw clash(twice);

  /** What was tried last under a name and failed for a reason that stays. */
  const failed = new Map<string, string>();
  const served = new Map<string, string>();
  /** What is tried again, but not at every poll. */
  const again = createPollBackoff();
  /** What was said last of each version that failed. */
  const told = new Map<string, Map<string, string>>();
  const unloaded = new Set<string>();
  let [listing, closing] = [true, false];
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = turn.then(work);
    turn = result.catch(() => {});
    return result;
  };

  const find = async (name: string): Promise<LoadTarget | null> => {
    const isBundle = (await champions.names()).includes(name);
    const found = (await repository?.find(name)) ?? null;
    if (isBundle && found !== null) throw clash(name);
    return isBundle ? champions.find(name) : found;
  };

  /** A failure that a poll meets again and again is told once. */
  const report = (event: LoadEvent): void => {
    if (event.kind === 'failed') {
      const { name, version, reason } = event;
      // What is given up because the service leaves has not failed.
      if (closing || told.get(name)?.get(version) === reason) return;
      told.set(name, new Map(told.get(name)).set(version, reason));
    }
    options.report(event);
  };

  const bring = async (target: LoadTarget): Promise<void> => {
    const { name } = target;
    const key = keyOf(target);
    const { needed, beside } = await openLineup(target, table, opener, report);
    const mayCome = beside !== undefined && loadFailureOf(beside) !== LoadFailure.damaged;
    if (mayCome || (needed !== undefined && loadFailureOf(needed) === LoadFailure.late)) again.failed(name, key);
    else again.forget(name);
    if (needed !== undefined) {
      if (loadFailureOf(needed) === LoadFailure.damaged) failed.set(name, key);
      throw needed;
    }
    if (beside === undefined) told.delete(name);
    failed.delete(name);
    served.set(name, key);
  };

  /** What keeps a model from even being found: listed when nothing serves, and told once. */
  const notFound = (name: string, error: Error): void => {
    const serves = table.versions(name).length > 0 ? (table.lineup(name)?.current ?? null) : null;
    const broken = { version: '', reason: error.message };
    const versions = [{ ...broken, failure: loadFailureOf(error) }];
    if (serves === null) table.serve({ name, current: '', previous: null, versions });
    report({ kind: 'failed', name, ...broken, serves });
  };

  const follow = async (name: string): Promise<void> => {
    if (closing || unloaded.has(name)) return;
    try {
      const target = await find(name);
      if (target === null) return;
      const key = keyOf(target);
      const next = again.next(name, key);
      if (next === 'wait' || (next === 'nothing' && failed.get(name) === key)) return;
      if (next === 'nothing' && served.get(name) === key) told.delete(name);
      else await bring(target).catch(() => {});
    } catch (error) {
      notFound(name, error as Error);
    }
  };

  return {
    start: () =>
      inTurn(async () => {
        const targets: LoadTarget[] = [];
        const names = await champions.names().catch(() => bundles);
        for (const name of [...names, ...plain]) {
          try {
            const target = await find(name);
            if (target === null) continue;
            table.announce(name, target.current.version);
            targets.push(target);
          } catch (error) {
            notFound(name, error as Error);
          }
        }
        listing = false;
        for (const target of targets) if (!closing) await bring(target).catch(() => {});
      }),
    listing: () => listing,
    load: (name) =>
      inTurn(async () => {
        if (closing) throw new ServiceError('not_ready', { path: 'service', received: 'the service is leaving' });
        const failure = (cause: unknown) =>
          new ServiceError('load_failed', { path: `model ${name}`, received: 'a load that failed' }, cause);
        told.delete(name);
        const target = await find(name).catch((error) => {
          notFound(name, error);
          throw failure(error);
        });
        if (target === null) throw new ServiceError('unknown_model', { path: 'model', received: show(name) });
        unloaded.delete(name);
        await bring(target).catch((error) => {
          throw failure(error);
        });
        return table.find(name);
      }),
    unload: (name) =>
      inTurn(async () => {
        table.entry(name);
        unloaded.add(name);
        served.delete(name);
        failed.delete(name);
        again.forget(name);
        table.remove(name);
      }),
    refresh: () =>
      inTurn(async () => {
        const names = await champions.names().catch(() => bundles);
        for (const name of [...names, ...plain.filter(again.has)]) await follow(name);
      }),
    close: async () => {
      closing = true;
      const over = opener.close();
      await turn;
      await over;
    },
  };
}
