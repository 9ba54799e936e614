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

/** Requests by the tick that comes last before them. */
function byTick(requests: readonly Asked[], tickUs: number): [InstantUs, Asked[]][] {
  return [...Map.groupBy(requests, ({ atUs }) => Math.floor(atUs / tickUs) * tickUs)];
}

/**
 * Asks for every request in event time, as fast as the service answers: at each tick the online store is moved to that moment, and then come
 * the requests up to the next, several at once. A request so meets features that are at most one tick old, and never any from its future.
 */
export async function replay(options: ReplayOptions): Promise<void> {
  const { clock, tickUs, concurrency } = options;
  const ticks = byTick(options.requests, tickUs);
  let done = 0;
  let next = ticks[0] === undefined ? null : clock.prepare(ticks[0][0]);
  for (const [i, [atUs, requests]] of ticks.entries()) {
    await clock.show((await next) ?? []);
    const after = ticks[i + 1];
    next = after === undefined ? null : clock.prepare(after[0]);
    // Whoever fails first is heard below; what is being prepared meanwhile must not go unheard.
    next?.catch(() => {});
    const queue = requests.values();
    const caller = async (): Promise<void> => {
      for (const request of queue) await options.ask(request);
    };
    await Promise.all(Array.from({ length: Math.min(concurrency, requests.length) }, caller));
    done += requests.length;
    options.onTick?.(done, atUs);
  }
}
