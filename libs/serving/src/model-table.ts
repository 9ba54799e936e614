import { show } from '@repo/contract/input-error';
import { ServiceError } from '@repo/contract/service-error';
import type { Registry } from '@repo/registry/registry';
import type { Champion } from './champions.ts';
import { secondsSince } from './observer.ts';
import { openServedModel, type ServedModel } from './served-model.ts';

/** A model that must be served, and how far it is. */
export type ModelEntry =
  | { readonly state: 'loading'; readonly name: string; readonly version: string }
  | { readonly state: 'ready'; readonly name: string; readonly version: string; readonly model: ServedModel }
  /** `version` is empty when not even that is known. `reason` is for the log: it may name files. */
  | { readonly state: 'failed'; readonly name: string; readonly version: string; readonly reason: string };

/** The models that this process serves, one version each. */
export interface ModelTable {
  /** Lists the champions as loading, then opens them one by one: digest, then golden rows. `onSettled` hears of each. */
  load(champions: readonly Champion[], onSettled: (entry: ModelEntry, seconds: number) => void): Promise<void>;
  entries(): readonly ModelEntry[];
  /** The entry of a name and version; no version means the champion. Throws ServiceError unknown_model or unknown_version. */
  entry(name: string, version?: string): ModelEntry;
  /** The model to answer with. Throws as {@link ModelTable.entry}, and ServiceError model_not_ready. */
  find(name: string, version?: string): ServedModel;
  /** Frees every model. Call it when no request is under way. */
  release(): Promise<void>;
}

async function open(registry: Registry, champion: Champion): Promise<ModelEntry> {
  const { name } = champion;
  if ('problem' in champion) return { state: 'failed', name, version: '', reason: champion.problem };
  const version = String(champion.version);
  try {
    const model = await openServedModel(await registry.openBundle(name, champion.version));
    return { state: 'ready', name, version, model };
  } catch (error) {
    return { state: 'failed', name, version, reason: (error as Error).message };
  }
}

/** Makes an empty table over a registry. */
export function createModelTable(registry: Registry): ModelTable {
  const table = new Map<string, ModelEntry>();
  const entry = (name: string, version?: string): ModelEntry => {
    const found = table.get(name);
    if (found === undefined) {
      const allowed = [...table.keys()].join(', ') || 'none: no model is served';
      throw new ServiceError('unknown_model', { path: 'model', received: show(name), allowed });
    }
    if (version === undefined || version === found.version) return found;
    throw new ServiceError('unknown_version', {
      path: `version of ${name}`,
      received: show(version),
      allowed: found.version,
    });
  };
  return {
    load: async (champions, onSettled) => {
      for (const champion of champions) {
        const version = 'version' in champion ? String(champion.version) : '';
        table.set(champion.name, { state: 'loading', name: champion.name, version });
      }
      for (const champion of champions) {
        const began = performance.now();
        const settled = await open(registry, champion);
        table.set(champion.name, settled);
        onSettled(settled, secondsSince(began));
      }
    },
    entries: () => [...table.values()],
    entry,
    find: (name, version) => {
      const found = entry(name, version);
      if (found.state === 'ready') return found.model;
      throw new ServiceError('model_not_ready', { path: `model ${name}`, received: found.state });
    },
    release: async () => {
      const ready = [...table.values()].filter((found) => found.state === 'ready');
      table.clear();
      for (const { model } of ready) await model.release();
    },
  };
}
