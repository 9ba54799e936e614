import { InputError } from '@repo/contract/input-error';
import { Fallback } from '@repo/contract/serving-policy';
import type { Candidate, LoadTarget } from './load-target.ts';
import type { Lineup, ModelTable } from './model-table.ts';
import { secondsSince } from './seconds-since.ts';
import type { ServedModel, ServingOptions } from './served-model.ts';

/** What becomes of a load. */
export type LoadEvent =
  /** A version serves that was not open before. */
  | { readonly kind: 'opened'; readonly model: ServedModel; readonly seconds: number }
  /** Another version, or other bytes, answer for the model from now on. */
  | { readonly kind: 'swapped'; readonly name: string; readonly from: string; readonly to: string }
  /** `serves` is the version that goes on answering, null when there is none. `reason` is for the log: it may name files. */
  | {
      readonly kind: 'failed';
      readonly name: string;
      readonly version: string;
      readonly reason: string;
      readonly serves: string | null;
    };

interface Failed {
  readonly version: string;
  readonly reason: string;
  readonly error: unknown;
}

const isOpen = (version: Lineup['versions'][number]): version is ServedModel => 'run' in version;

async function openAs(name: string, candidate: Candidate, serving: ServingOptions): Promise<ServedModel> {
  const model = await candidate.open(serving);
  if (model.name === name) return model;
  await model.close();
  const action = 'train the model under its own name';
  throw new InputError({ path: 'contract.json.model', received: model.name, allowed: name, action });
}

const listsPrevious = ({ contract }: ServedModel): boolean =>
  contract?.serving.fallback.includes(Fallback.previous) === true;

/** The version before, where the chain of the current one lists it; where that one is damaged, the chain of the version before itself. */
async function openPrevious(
  current: ServedModel | Failed,
  candidate: Candidate | null,
  open: (candidate: Candidate) => Promise<ServedModel | Failed>,
): Promise<ServedModel | Failed | null> {
  if (candidate === null || (isOpen(current) && !listsPrevious(current))) return null;
  const previous = await open(candidate);
  if (isOpen(current) || !isOpen(previous) || listsPrevious(previous)) return previous;
  await previous.close();
  return null;
}

/**
 * Opens what a target names and the table does not serve yet, then swaps to it in one step. When the current version or one of the
 * others cannot be opened, a model that serves goes on serving what it did, one that does not serves what could be opened; the first
 * reason is thrown. A previous champion that cannot be opened is reported and only missing as a stand-in.
 */
export async function openLineup(
  target: LoadTarget,
  table: ModelTable,
  serving: ServingOptions,
  report: (event: LoadEvent) => void,
): Promise<void> {
  const { name } = target;
  const before = (table.lineup(name)?.versions ?? []).filter(isOpen);
  const champion = before.find(({ version }) => version === table.lineup(name)?.current);
  const fresh = new Map<ServedModel, number>();

  const open = async (candidate: Candidate): Promise<ServedModel | Failed> => {
    const { version, digest } = candidate;
    const same = before.find((model) => model.version === version && model.digest === digest);
    if (same !== undefined) return same;
    const began = performance.now();
    try {
      const model = await openAs(name, candidate, serving);
      fresh.set(model, secondsSince(began));
      return model;
    } catch (error) {
      const reason = (error as Error).message;
      report({ kind: 'failed', name, version, reason, serves: champion?.version ?? null });
      return { version, reason, error };
    }
  };

  const needed = [await open(target.current)];
  for (const other of target.others) needed.push(await open(other));
  const broken = needed.find((version) => !isOpen(version));
  if (broken !== undefined && champion !== undefined) {
    await Promise.all([...fresh.keys()].map((model) => model.close()));
    throw (broken as Failed).error;
  }
  const [current] = needed as [ServedModel | Failed];
  const previous = await openPrevious(current, target.previous, open);
  const versions = previous === null ? needed : [...needed, previous];
  table.serve({ name, current: current.version, previous: previous?.version ?? null, versions });
  for (const [model, seconds] of fresh) report({ kind: 'opened', model, seconds });
  if (champion !== undefined && champion !== current) {
    report({ kind: 'swapped', name, from: champion.version, to: current.version });
  }
  if (broken !== undefined) throw (broken as Failed).error;
  await target.served?.();
}
