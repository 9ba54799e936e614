import { InputError } from '@repo/contract/input-error';
import type { Logger } from '@repo/telemetry/logger';
import { type Authorize, createAuthorize } from './authorize.ts';
import { type ApiKey, readKeyFile } from './key-file.ts';

/** Keys that follow their file, so that one can be added or withdrawn without a restart. */
export interface KeyRing {
  readonly authorize: Authorize;
  /** Reads the file again; a file that cannot be used changes nothing and is logged. Quotas start anew where anything changed. */
  refresh(): Promise<void>;
  close(): void;
}

/** How often the file is read again: a withdrawn key works for at most this long. */
const refreshMs = 10_000;

/** Reads the keys and goes on following their file. Throws InputError when the file cannot be used at the start. */
export async function openKeyRing(path: string, logger: Logger): Promise<KeyRing> {
  let keys: readonly ApiKey[] = await readKeyFile(path);
  let authorize = createAuthorize(keys);
  const refresh = async () => {
    try {
      const read = await readKeyFile(path);
      if (JSON.stringify(read) === JSON.stringify(keys)) return;
      keys = read;
      authorize = createAuthorize(keys);
      logger.info({ keys: keys.map(({ id }) => id) }, 'keys changed');
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      logger.error({ reason: error.message }, 'keys not read again; those known stay');
    }
  };
  const timer = setInterval(refresh, refreshMs).unref();
  return { authorize: (headers, model) => authorize(headers, model), refresh, close: () => clearInterval(timer) };
}
