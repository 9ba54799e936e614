import type { RequestListener } from 'node:http';
import type { ServiceMetrics } from '../app-deps.ts';
import type { EndOfTurn } from './end-of-turn.ts';
import { type CrowdRefusalOptions, createCrowdRefusal } from './refuse-crowd.ts';

/**
 * Remembers until the end of this turn of the event loop where a request was turned away for want of time: whoever asks at the same path in
 * the same turn would be too, as queues only grow until then, and is refused for a third of what it costs to find that out.
 */
export interface TurnedAway {
  remember(path: string, refusal: CrowdRefusalOptions): void;
  /** Refuses what comes at a path; undefined where nobody was turned away in this turn. */
  at(path: string): RequestListener | undefined;
}

/** Makes the memory of a port, empty. */
export function createTurnedAway(metrics: ServiceMetrics, endOfTurn: EndOfTurn): TurnedAway {
  const refusals = new Map<string, RequestListener>();
  return {
    remember: (path, refusal) => {
      if (refusals.size === 0) endOfTurn(() => refusals.clear());
      if (!refusals.has(path)) refusals.set(path, createCrowdRefusal(metrics, endOfTurn, refusal));
    },
    at: (path) => refusals.get(path),
  };
}
