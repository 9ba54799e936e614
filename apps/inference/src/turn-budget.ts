import { ServiceError } from '@repo/contract/service-error';

/** Longest that requests may fill a turn of the event loop before those behind them are refused: what a refused caller waits at most, about. */
const budgetMs = 4;
/** Fewer requests than this in a turn are no crowd, however long each takes. */
const crowd = 32;

/** Sheds load where no queue shows it: on the event loop, in the connections that it has not read yet. */
export interface TurnBudget {
  /** Call it once for each request as it comes, `nowMs` as performance.now() reads it. True: it is one too many, refuse it. */
  isSpent(nowMs: number): boolean;
}

/** What a request gets for which there is no time: overloaded. */
export function tooManyRequests(): ServiceError {
  const [received, allowed] = ['more requests than it can read', 'what it can read'];
  return new ServiceError('overloaded', { path: 'service', received, allowed, retryAfterSeconds: pauseSeconds() });
}

/** When those who are refused may come back: at random, so that they do not all return at once. */
export const pauseSeconds = (): number => 1 + Math.floor(3 * Math.random());

/**
 * When more comes than the process can even read, requests wait in their connections, the turns of the event loop grow, and everyone is
 * answered too late. So after a turn that was longer than the budget, the next takes what fits into it and refuses the rest, which
 * costs a third; that goes on until a turn is short again. One long turn alone refuses nobody: it may be a pause of the garbage collector. `atEnd` runs its argument at the end of this turn.
 */
export function createTurnBudget(atEnd: (end: () => void) => void = setImmediate): TurnBudget {
  let beganMs: number | null = null;
  let latestMs = 0;
  let requests = 0;
  let wasFull = false;
  const end = (): void => {
    wasFull = requests > crowd && latestMs - (beganMs ?? latestMs) > budgetMs;
    requests = 0;
    beganMs = null;
  };
  return {
    isSpent: (nowMs) => {
      latestMs = nowMs;
      requests++;
      if (beganMs === null) {
        beganMs = nowMs;
        atEnd(end);
        return false;
      }
      return wasFull && requests > crowd && nowMs - beganMs > budgetMs;
    },
  };
}
