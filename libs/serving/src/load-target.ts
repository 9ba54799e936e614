import type { Experiment } from '@repo/contract/experiment';
import type { ServedModel, ServingOptions } from './served-model.ts';

/** A version that can be opened. */
export interface Candidate {
  readonly version: string;
  /** Digest of the bundle or the plain model: a version that serves with the same one need not be opened again. */
  readonly digest: string;
  /** Verifies, loads, warms up. Throws InputError for what is wrong with it. */
  open(serving: ServingOptions): Promise<ServedModel>;
}

/** An experiment, and the versions that it needs besides the champion: those of its arms and its shadow. */
export interface Trial {
  readonly experiment: Experiment;
  readonly candidates: readonly Candidate[];
}

/** What should be served under a name. */
export interface LoadTarget {
  readonly name: string;
  /** What answers when no version is asked for. */
  readonly current: Candidate;
  /** The champion before, if there was one; served where the fallback chain of `current` lists it. */
  readonly previous: Candidate | null;
  /** Served besides. */
  readonly others: readonly Candidate[];
  /** Served besides where it can be; what cannot keeps nobody from serving. */
  readonly trial?: Trial | null;
  /** Called when this serves. */
  served?(): Promise<void>;
}
