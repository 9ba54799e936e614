import { Fallback } from '@repo/contract/serving-policy';
import type { CandidateOpener } from './candidate-opener.ts';
import { type LoadFailure, loadFailureOf } from './load-failure.ts';
import type { Candidate, LoadTarget } from './load-target.ts';
import type { Lineup, ModelTable } from './model-table.ts';
import { secondsSince } from './seconds-since.ts';
import type { ServedModel } from './served-model.ts';

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
  readonly failure: LoadFailure;
  readonly error: unknown;
}

/** What of a target could not be opened; undefined where nothing failed. */
export interface LineupFailures {
  /** The first error of the versions that must be there: the current one and the others. */
  readonly needed: unknown;
  /** The first error of what only stands beside: the version before, and those of an experiment. */
  readonly beside: unknown;
}

const isOpen = (version: Lineup['versions'][number]): version is ServedModel => 'run' in version;

const listsPrevious = ({ contract }: ServedModel): boolean =>
  contract?.serving.fallback.includes(Fallback.previous) === true;

/** The version before, where the chain of the current one lists it; where that one is damaged, the chain of the version before itself. */
async function openPrevious(
  current: ServedModel | Failed,
  candidate: Candidate | null,
  open: (candidate: Candidate, serves: string | null) => Promise<ServedModel | Failed>,
): Promise<ServedModel | Failed | null> {
  if (candidate === null || (isOpen(current) && !listsPrevious(current))) return null;
  const previous = await open(candidate, isOpen(current) ? current.version : null);
  if (isOpen(current) || !isOpen(previous) || listsPrevious(previous)) return previous;
  await previous.close();
  return null;
}

/**
 * Opens what a target names and the table does not serve yet, then swaps to it in one step. When the current version or one of the
 * others cannot be opened, a model that serves goes on serving what it did, one that does not serves what could be opened. A previous
 * champion that cannot be opened is only missing as a stand-in, a version of an experiment pauses it. What failed is reported and returned.
 */
export async function openLineup(
  target: LoadTarget,
  table: ModelTable,
  opener: CandidateOpener,
  report: (event: LoadEvent) => void,
): Promise<LineupFailures> {
  const { name } = target;
  const before = (table.lineup(name)?.versions ?? []).filter(isOpen);
  const champion = before.find(({ version }) => version === table.lineup(name)?.current);
  const fresh = new Map<ServedModel, number>();

  const open = async (
    candidate: Candidate,
    serves: string | null = champion?.version ?? null,
  ): Promise<ServedModel | Failed> => {
    const { version, digest } = candidate;
    const same = before.find((model) => model.version === version && model.digest === digest);
    if (same !== undefined) return same;
    const began = performance.now();
    try {
      const model = await opener.open(name, candidate);
      fresh.set(model, secondsSince(began));
      return model;
    } catch (error) {
      const reason = (error as Error).message;
      report({ kind: 'failed', name, version, reason, serves });
      return { version, reason, failure: loadFailureOf(error), error };
    }
  };

  const needed = [await open(target.current)];
  for (const other of target.others) needed.push(await open(other));
  const broken = needed.find((version) => !isOpen(version));
  if (broken !== undefined && champion !== undefined) {
    await Promise.all([...fresh.keys()].map((model) => model.close()));
    return { needed: (broken as Failed).error, beside: undefined };
  }
  const [current] = needed as [ServedModel | Failed];
  const previous = await openPrevious(current, target.previous, open);
  const beside = previous === null ? [] : [previous];
  for (const candidate of target.trial?.candidates ?? []) {
    if ([...needed, ...beside].some(({ version }) => version === candidate.version)) continue;
    beside.push(await open(candidate, isOpen(current) ? current.version : null));
  }
  const experiment = target.trial?.experiment ?? null;
  const versions = [...needed, ...beside];
  table.serve({ name, current: current.version, previous: previous?.version ?? null, versions, experiment });
  for (const [model, seconds] of fresh) report({ kind: 'opened', model, seconds });
  if (champion !== undefined && champion !== current) {
    report({ kind: 'swapped', name, from: champion.version, to: current.version });
  }
  if (broken === undefined) await target.served?.();
  return {
    needed: broken === undefined ? undefined : (broken as Failed).error,
    beside: beside.find((version): version is Failed => !isOpen(version))?.error,
  };
}
