/** Does work at the end of this turn of the event loop. */
export type EndOfTurn = (work: () => void) => void;

/**
 * Makes a function that does work at the end of this turn of the event loop, in order and in one go. Refusals by the thousand go out this
 * way: written one after the other they cost a quarter of what they do between reads, as each of those wakes its client anew. Work that
 * throws keeps none of the rest from being done.
 */
export function createEndOfTurn(): EndOfTurn {
  let waiting: (() => void)[] = [];
  const flush = (): void => {
    const all = waiting;
    waiting = [];
    for (const work of all) {
      try {
        work();
      } catch (error) {
        setImmediate(() => {
          throw error;
        });
      }
    }
  };
  return (work) => {
    if (waiting.length === 0) setImmediate(flush);
    waiting.push(work);
  };
}
