import { InputError } from '@repo/contract/input-error';

/** Asks a registry that may be away, and knows whether it is. */
export interface RegistryWatch {
  /**
   * The answer, or null when the registry does not answer. Throws InputError for what is wrong with a model and not with the registry.
   * `patienceMs` is how long to wait for it; unless told, longer than any registry that works takes for some kilobytes.
   */
  ask<T>(question: () => Promise<T>, patienceMs?: number): Promise<{ readonly value: T } | null>;
  /** Why the registry did not answer when it was asked last; null when it did. */
  away(): string | null;
}

/** After silence nobody is asked again for so long, lest each of many models wait through its own. */
const silenceMs = 5000;
/** A registry that takes longer than this to say nothing useful, as through tries to connect that time out, is as good as silent. */
const slowMs = 5000;

const isAboutRegistry = (error: unknown): boolean =>
  !(error instanceof InputError) || error.problems.some(({ path }) => path === 'CAUSEWAY_STATE');

/** Starts with a registry that is there. `onChange` hears when it goes, with the reason, and when it comes back, with null. */
export function createRegistryWatch(onChange: (away: string | null) => void): RegistryWatch {
  let away: string | null = null;
  let silentUntilMs = 0;
  const now = (reason: string | null): void => {
    const changed = (away === null) !== (reason === null);
    away = reason;
    if (changed) onChange(reason);
  };
  return {
    ask: async (question, patienceMs = 10_000) => {
      if (performance.now() < silentUntilMs) return null;
      const askedMs = performance.now();
      let timer: NodeJS.Timeout | undefined;
      const silence = new Promise<never>((_resolve, reject) => {
        const giveUp = () => reject(new Error(`no answer within ${patienceMs / 1000} s`));
        timer = setTimeout(giveUp, patienceMs).unref();
      });
      try {
        const value = await Promise.race([question(), silence]);
        now(null);
        return { value };
      } catch (error) {
        if (!isAboutRegistry(error)) throw error;
        const nowMs = performance.now();
        if (nowMs - askedMs > slowMs) silentUntilMs = nowMs + silenceMs;
        now((error as Error).message);
        return null;
      } finally {
        clearTimeout(timer);
      }
    },
    away: () => away,
  };
}
