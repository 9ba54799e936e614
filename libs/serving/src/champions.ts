import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '@repo/contract/input-error';
import { type Champion, championSchema } from '@repo/contract/manifest';
import { nameSchema } from '@repo/contract/name';
import { importCommitted } from '@repo/registry/import-committed';
import { parseJson } from '@repo/registry/json-object';
import { readBundle } from '@repo/registry/read-bundle';
import type { Registry, Version } from '@repo/registry/registry';
import { type CommittedBundle, verifyCommitted } from '@repo/registry/verify-committed';
import type { Candidate, LoadTarget } from './load-target.ts';
import { openServedModel } from './open-served-model.ts';
import type { RegistryWatch } from './registry-watch.ts';
import type { LocalVersion, RememberedChampions } from './remembered-champions.ts';
import { createTrials } from './trials.ts';

/** Finds out which version of a model should serve. */
export interface Champions {
  /** Names of the folders that may hold a model. Throws InputError when `modelsDir` cannot be read. */
  names(): Promise<string[]>;
  /**
   * The champion that the model's folder pins, else the one that the registry's alias names, else, while the registry does not
   * answer, the one that served last. Null when there is none. Throws InputError when what is found is damaged.
   */
  find(name: string): Promise<LoadTarget | null>;
}

export interface ChampionsOptions {
  readonly modelsDir: string;
  /** Where the bundles of pins lie, `<model>/release/<version>`: `modelsDir`, as in git, or another, and then the registry helps out. */
  readonly releasesDir: string;
  readonly registry: Registry;
  readonly watch: RegistryWatch;
  readonly remembered: RememberedChampions;
  /** Hears of what is remembered in vain. */
  warn(message: string): void;
}

/** A champion pinned in git, and the champion.json that pins it. */
interface Pin {
  readonly text: string;
  readonly version: LocalVersion;
  readonly imported: boolean;
}

async function readPin(modelDir: string): Promise<string | null> {
  return readFile(join(modelDir, 'champion.json'), 'utf8').catch((error: NodeJS.ErrnoException) => {
    // Whatever else is wrong with the file is told by who reads it against its schema.
    return error.code === 'ENOENT' ? null : '';
  });
}

/** The version that champion.json pins, for a message; empty when it says none. */
function versionIn(text: string): string {
  try {
    return String(championSchema.parse(JSON.parse(text)).version);
  } catch {
    return '';
  }
}

async function openCopy({ version, digest, dir }: LocalVersion) {
  const bundle = await readBundle(dir);
  if (bundle.digest === digest) return { ...bundle, version };
  const action = 'restore the folder; its champion.json and it change together';
  throw new InputError({ path: dir, received: bundle.digest, allowed: digest, action });
}

/** A pin and the registry disagree on the bytes of a version. */
function refuseOther(name: string, pin: Champion, held: string): never {
  const action = 'pin a version that this registry holds, or name the CAUSEWAY_STATE that the pin was made with';
  const path = `champion.json of ${name}`;
  throw new InputError({ path, received: `version ${pin.version} as ${pin.digest}`, allowed: held, action });
}

/** Longest wait for a bundle from or to the registry: gigabytes over a slow line. */
const downloadMs = 30 * 60_000;

/** Makes the finder. */
export function createChampions(options: ChampionsOptions): Champions {
  const { modelsDir, releasesDir, registry, watch, remembered, warn } = options;
  const pins = new Map<string, Pin>();
  /** Folders of the copies that were opened, to be remembered once they serve. */
  const copies = new Map<string, LocalVersion>();
  const lost = new Set<string>();

  const inFolder = (version: LocalVersion): Candidate => ({
    version: String(version.version),
    digest: version.digest,
    open: async (serving) => {
      copies.set(version.digest, version);
      return openServedModel(await openCopy(version), serving);
    },
  });

  const copyOf = (name: string, digest: string): LocalVersion => {
    const last = remembered.get(name);
    const copy = [last?.champion, last?.previous].find((version) => version?.digest === digest);
    if (copy == null) throw new Error(`the registry does not answer: ${watch.away()}`);
    return copy;
  };

  const inRegistry = (name: string, { version, digest }: Champion): Candidate => ({
    version: String(version),
    digest,
    open: async (serving) => {
      const answer = await watch.ask(() => registry.openBundle(name, version), downloadMs);
      const bundle = answer === null ? await openCopy(copyOf(name, digest)) : answer.value;
      if (bundle.digest !== digest) refuseOther(name, { version, digest }, bundle.digest);
      copies.set(digest, { version, digest, dir: bundle.dir });
      return openServedModel(bundle, serving);
    },
  });

  /** Git decides: what the registry says of a pinned model matters only where it contradicts the bytes. */
  const imported = async (name: string, text: string): Promise<LocalVersion> => {
    const known = pins.get(name);
    if (known?.text === text && known.imported) return known.version;
    const answer = await watch.ask(() => importCommitted(registry, join(modelsDir, name)), downloadMs);
    const committed = answer === null ? await verifyCommitted(join(modelsDir, name)) : answer.value;
    const { version, digest, dir } = committed as CommittedBundle;
    const pin = { text, version: { version, digest, dir }, imported: answer !== null };
    pins.set(name, pin);
    return pin.version;
  };

  /** A pinned version: the copy in its release folder where that is the one, else what the registry has. */
  const releasedOrRegistered = (name: string, champion: Champion): Candidate => {
    const fromRegistry = inRegistry(name, champion);
    const place = { ...champion, dir: join(releasesDir, name, 'release', String(champion.version)) };
    return {
      ...fromRegistry,
      open: async (serving) => {
        const broughtAlong = await readBundle(place.dir).catch(() => null);
        return (broughtAlong?.digest === champion.digest ? inFolder(place) : fromRegistry).open(serving);
      },
    };
  };

  /** A pin that stands without its bundle, as a cluster mounts it. Nothing is imported: whoever wrote the pin has moved the alias. */
  const pinnedElsewhere = (name: string, text: string): Candidate =>
    releasedOrRegistered(name, parseJson(championSchema, Buffer.from(text), join(modelsDir, name, 'champion.json')));

  const findTrial = createTrials({ modelsDir, candidateOf: releasedOrRegistered, warn });

  const pinned = async (name: string, text: string): Promise<Candidate> => {
    try {
      if (releasesDir !== modelsDir) return pinnedElsewhere(name, text);
      return inFolder(await imported(name, text));
    } catch (error) {
      return { version: versionIn(text), digest: 'damaged', open: () => Promise.reject(error) };
    }
  };

  const registered = async (name: string, alias: 'champion' | 'previous') => {
    const version = await registry.getAlias(name, alias);
    return version === null ? null : await registry.getVersion(name, version);
  };

  /**
   * Versions that may stand before a pin. Where pins stand apart, two of them serve while one takes over from the other, and the alias is the
   * newer one's: the older must not fall back to what is just being tried, so that the history decides.
   */
  const earlier = async (name: string, pin: Candidate | null) => {
    if (pin === null || releasesDir === modelsDir) {
      return [await registered(name, 'champion'), await registered(name, 'previous')];
    }
    const history = await registry.championHistory(name);
    const at = history.lastIndexOf(Number(pin.version));
    const before = history.slice(0, at < 0 ? history.length : at).findLast((one) => one !== Number(pin.version));
    return before === undefined ? [] : [await registry.getVersion(name, before)];
  };

  const remember = (name: string, current: Candidate, previous: Candidate | null) => async () => {
    const champion = copies.get(current.digest);
    if (champion === undefined) return;
    const before = (previous === null ? undefined : copies.get(previous.digest)) ?? null;
    await remembered.put(name, { champion, previous: before }).catch((error: Error) => {
      warn(`the champion of ${name} is not remembered for a restart without the registry: ${error.message}`);
    });
  };

  const target = (name: string, current: Candidate, previous: Candidate | null): LoadTarget => {
    // Two copies of one number, as after a champion.json that was put back on other bytes, could not be told apart.
    const isAnother = previous?.digest !== current.digest && previous?.version !== current.version;
    const before = isAnother ? previous : null;
    return { name, current, previous: before, others: [], served: remember(name, current, before) };
  };

  /** Aliases are never unset: a registry that has forgotten one has lost its files. */
  const forgotten = (name: string): void => {
    if (!lost.has(name)) warn(`the registry has no champion of ${name} any more; the one that served last goes on`);
    lost.add(name);
  };

  const fromMemory = (name: string, pin: Candidate | null): LoadTarget => {
    const last = remembered.get(name);
    const champion = pin ?? (last === null ? null : inFolder(last.champion));
    if (champion === null) throw new Error(`the registry does not answer: ${watch.away()}`);
    return target(name, champion, last?.previous == null ? null : inFolder(last.previous));
  };

  const find = async (name: string): Promise<LoadTarget | null> => {
    const text = await readPin(join(modelsDir, name));
    const pin = text === null ? null : await pinned(name, text);
    const answer = await watch.ask(() => earlier(name, pin));
    if (answer === null) return fromMemory(name, pin);
    const [champion = null] = answer.value;
    if (pin === null && champion === null) {
      if (remembered.get(name) === null) return null;
      forgotten(name);
      return fromMemory(name, null);
    }
    const current = pin ?? inRegistry(name, champion as Version);
    // The alias still names the version before where git pins one that cannot be imported.
    const before = answer.value.find((version) => version !== null && String(version.version) !== current.version);
    return target(name, current, before == null ? null : inRegistry(name, before));
  };

  return {
    names: () => modelNames(modelsDir),
    find: async (name) => {
      const found = await find(name);
      return found === null ? null : { ...found, trial: await findTrial(name) };
    },
  };
}

async function modelNames(modelsDir: string): Promise<string[]> {
  const entries = await readdir(modelsDir, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    throw new InputError({
      path: 'MODELS_DIR',
      received: `${modelsDir} (${error.code})`,
      allowed: 'a readable folder with one folder for each model',
      action: 'correct the path',
    });
  });
  const folders = entries.filter((entry) => entry.isDirectory() && nameSchema.safeParse(entry.name).success);
  return folders.map((entry) => entry.name).sort();
}
