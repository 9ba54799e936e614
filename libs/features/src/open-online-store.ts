import { resolve } from 'node:path';
import { InputError, show } from '@repo/contract/input-error';
import type { OnlineStore } from './online-store.ts';
import { openSqliteStore } from './sqlite-store.ts';

/**
 * Opens the online store that a URL names: `sqlite:<path>`, relative to the workspace and made where absent, or `redis://` (`rediss://`
 * with TLS) behind a memory of 0.5 s. Throws InputError for any other URL and where the store cannot be used. With `mayBeAway` a server that
 * cannot be reached is no error: reads reject until it can, for a service that answers without it too.
 */
export async function openOnlineStore(
  url: string,
  workspaceDir: string,
  options: { mayBeAway?: boolean } = {},
): Promise<OnlineStore> {
  if (/^sqlite:./.test(url)) return openSqliteStore(resolve(workspaceDir, url.slice('sqlite:'.length)));
  if (/^rediss?:/.test(url)) {
    const [{ openRedisStore }, { createCachedStore }] = await Promise.all([
      import('./redis-store.ts'),
      import('./cached-store.ts'),
    ]);
    return createCachedStore(await openRedisStore(url, options.mayBeAway ?? false));
  }
  throw new InputError({
    path: 'ONLINE_STORE',
    // It may hold a password.
    received: url.includes('@') ? `a URL of another form (${url.length} characters)` : show(url),
    allowed: 'sqlite:<path>, redis://<host>:<port> or rediss://<host>:<port>',
    action: 'name a store in one of these forms',
  });
}
