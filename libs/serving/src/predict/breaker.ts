import { BrokenCircuitError, CircuitState, circuitBreaker, handleWhen } from 'cockatiel';
import { createSlidingWindow } from './sliding-window.ts';

/** Milliseconds that an open breaker waits before it lets one call through to see. */
const halfOpenAfterMs = 10_000;

/** Keeps what fails again and again from being asked, so that nobody waits for it. */
export interface Breaker {
  /**
   * Does the work and passes its answer or error on. Throws BrokenCircuitError at once while open, and while the one call that is let
   * through after 10 seconds is under way: whoever has a deadline cannot wait to hear how that goes.
   */
  run<T>(work: () => Promise<T>): Promise<T>;
}

/**
 * Makes a closed breaker; {@link createSlidingWindow} says when it opens. Errors for which `isFailure` is false pass through uncounted.
 * `onChange` hears whenever it opens or closes.
 */
export function createBreaker(onChange: (open: boolean) => void, isFailure: (error: unknown) => boolean): Breaker {
  const policy = circuitBreaker(handleWhen(isFailure), {
    halfOpenAfter: halfOpenAfterMs,
    breaker: createSlidingWindow(),
  });
  policy.onBreak(() => onChange(true));
  policy.onReset(() => onChange(false));
  return {
    run: async (work) => {
      if (policy.state === CircuitState.HalfOpen) throw new BrokenCircuitError();
      return policy.execute(work);
    },
  };
}
