import type { InstantUs } from '@repo/contract/instant';
import type { FeatureClock } from './feature-clock.ts';
import type { Asked } from './read-flights.ts';

export interface ReplayOptions {
  /** In order of time. */
  readonly requests: readonly Asked[];
  readonly clock: FeatureClock;
  /** Distance between two moments of the online store. */
  readonly tickUs: number;
  /** Requests that are under way at the same time. */
  readonly concurrency: number;
  /** Asks one of the services. */
  ask(request: Asked): Promise<void>;
  /** Hears after each tick how many were answered and where event time is. */
  onTick?(done: number, atUs: InstantUs): void;
}

/** The tick that comes last before a moment, or is it. */
export const tickOf = (atUs: InstantUs, tickUs: number): InstantUs => Math.floor(atUs / tickUs) * tickUs;

/**
 * Asks for every request in event time, as fast as the service answers: at each tick the online store is moved to that moment, and then come
 * the requests up to the next, several at once. A request so meets features that are at most one tick old, and never any from its future.
 */
export async function replay(options: ReplayOptions): Promise<void> {
  const { clock, tickUs, concurrency } = options;
  let done = 0;
  for (const [atUs, requests] of Map.groupBy(options.requests, (one) => tickOf(one.atUs, tickUs))) {
    await clock.show(atUs);
    const queue = requests.values();
    const caller = async (): Promise<void> => {
      for (const request of queue) await options.ask(request);
    };
    await Promise.all(Array.from({ length: Math.min(concurrency, requests.length) }, caller));
    done += requests.length;
    options.onTick?.(done, atUs);
  }
}
