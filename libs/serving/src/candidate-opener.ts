import { InputError } from '@repo/contract/input-error';
import { lateLoad } from './load-failure.ts';
import type { Candidate } from './load-target.ts';
import type { ServedModel, ServingOptions } from './served-model.ts';

/** Opens versions within a time limit. */
export interface CandidateOpener {
  /**
   * Opens a version of the model `name`: verified, checked and warm. Throws InputError for what is wrong with it, and when it takes longer
   * than the limit. Such a load is given up at its next step and freed; until that is over, the same bytes are not loaded again.
   */
  open(name: string, candidate: Candidate): Promise<ServedModel>;
  /** Gives up what is being opened; resolves when nothing is any more, which a run that does not end prevents. */
  close(): Promise<void>;
}

async function openAs(name: string, candidate: Candidate, serving: ServingOptions): Promise<ServedModel> {
  const model = await candidate.open(serving);
  if (model.name === name) return model;
  await model.close();
  const action = 'train the model under its own name';
  throw new InputError({ path: 'contract.json.model', received: model.name, allowed: name, action });
}

/**
 * Makes an opener. A thread is never ended while it loads or runs, as that would abort the process: what hangs there for good takes its
 * thread with it, one for each version that does, and the process goes on serving.
 */
export function createCandidateOpener(serving: ServingOptions, limitMs: number): CandidateOpener {
  const underWay = new Map<string, { readonly stop: AbortController; readonly over: Promise<void> }>();
  const leaving = () => new Error('the service is leaving');
  let closed = false;

  const begin = (name: string, candidate: Candidate, key: string) => {
    const stop = new AbortController();
    const opening = openAs(name, candidate, { ...serving, signal: stop.signal });
    const over = opening
      .then((model) => (stop.signal.aborted ? model.close() : undefined))
      .catch(() => {})
      .finally(() => underWay.delete(key));
    underWay.set(key, { stop, over });
    return { opening, stop };
  };

  return {
    open: async (name, candidate) => {
      const key = `${name} ${candidate.version} ${candidate.digest}`;
      if (closed) throw leaving();
      // In the same words while it is still under way, so that it is told once.
      const late = () =>
        lateLoad(`${name} ${candidate.version}, which was not loaded, checked and warm by then`, limitMs);
      if (underWay.has(key)) throw late();
      const { opening, stop } = begin(name, candidate, key);
      // Only when it is needed: an error holds on to the frames it was made in, which know the version before, and the signal lives as long as
      // the model; each would keep the one before it alive.
      const timer = setTimeout(() => stop.abort(late()), limitMs);
      const stopped = Promise.withResolvers<never>();
      const end = () => stopped.reject(stop.signal.reason);
      stop.signal.addEventListener('abort', end);
      try {
        return await Promise.race([opening, stopped.promise]);
      } finally {
        clearTimeout(timer);
        stop.signal.removeEventListener('abort', end);
      }
    },
    close: async () => {
      closed = true;
      for (const { stop } of underWay.values()) stop.abort(leaving());
      await Promise.all([...underWay.values()].map(({ over }) => over));
    },
  };
}
