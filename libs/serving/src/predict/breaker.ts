import { BrokenCircuitError, CircuitState, circuitBreaker, DelegateBackoff, handleWhen } from 'cockatiel';
import { createSlidingWindow } from './sliding-window.ts';

/** Milliseconds that an open breaker waits before it lets one call through to see. */
const halfOpenAfterMs = 10_000;

/** Keeps what fails again and again from being asked, so that nobody waits for it. */
export interface Breaker {
  /**
   * Does the work and passes its answer or error on. Throws BrokenCircuitError at once while open, and while the one call that is let
   * through after 10 seconds is under way: whoever has a deadline cannot wait to hear how that goes. A call that ends without a verdict,
   * with an error that counts for nothing, leaves it to the next to see.
   */
  run<T>(work: () => Promise<T>): Promise<T>;
}

/** How the call that was let through ended when that says nothing; cockatiel by itself would take it for a success. */
class NoVerdict extends Error {}

/**
 * Makes a closed breaker; {@link createSlidingWindow} says when it opens. Errors for which `isFailure` is false pass through uncounted.
 * `onChange` hears whenever it opens or closes.
 */
export function createBreaker(onChange: (open: boolean) => void, isFailure: (error: unknown) => boolean): Breaker {
  const policy = circuitBreaker(
    handleWhen((error) => error instanceof NoVerdict || isFailure(error)),
    {
      halfOpenAfter: new DelegateBackoff(({ result }) =>
        'error' in result && result.error instanceof NoVerdict ? 0 : halfOpenAfterMs,
      ),
      breaker: createSlidingWindow(),
    },
  );
  let isOpen = false;
  const tell = (open: boolean) => {
    if (open !== isOpen) onChange(open);
    isOpen = open;
  };
  policy.onBreak(() => tell(true));
  policy.onReset(() => tell(false));
  const probe = async <T>(work: () => Promise<T>): Promise<T> => {
    const judged = async () => {
      try {
        return await work();
      } catch (error) {
        throw isFailure(error) ? error : new NoVerdict('', { cause: error });
      }
    };
    try {
      return await policy.execute(judged);
    } catch (error) {
      throw error instanceof NoVerdict ? error.cause : error;
    }
  };
  return {
    run: async (work) => {
      if (policy.state === CircuitState.HalfOpen) throw new BrokenCircuitError();
      return policy.state === CircuitState.Open ? probe(work) : policy.execute(work);
    },
  };
}
