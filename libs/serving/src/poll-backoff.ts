/** Spaces out, over the polls, what is tried again and again. */
export interface PollBackoff {
  /** Something about `name` failed again. With another `key` than before it counts from one. */
  failed(name: string, key: string): void;
  forget(name: string): void;
  /** Whether something about `name` waits to be tried again. */
  has(name: string): boolean;
  /** Call it once at each poll: `try` when it is time, `wait` when not yet, `nothing` when nothing of this key failed. */
  next(name: string, key: string): 'try' | 'wait' | 'nothing';
}

/** Most polls from one attempt to the next: 8 minutes where polls come every 30 seconds. */
const mostPolls = 16;

/** Makes an empty one. The first poll after a failure tries again, then the 2nd, the 4th and so on, at last every 16th. */
export function createPollBackoff(): PollBackoff {
  const known = new Map<string, { readonly key: string; readonly gap: number; left: number }>();
  return {
    failed: (name, key) => {
      const before = known.get(name);
      const gap = before?.key === key ? Math.min(mostPolls, 2 * before.gap) : 1;
      known.set(name, { key, gap, left: gap });
    },
    forget: (name) => known.delete(name),
    has: (name) => known.has(name),
    next: (name, key) => {
      const entry = known.get(name);
      if (entry?.key !== key) return 'nothing';
      entry.left--;
      return entry.left <= 0 ? 'try' : 'wait';
    },
  };
}
