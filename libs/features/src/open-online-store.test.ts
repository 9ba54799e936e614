import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '@repo/contract/input-error';
import { afterAll, expect, test } from 'vitest';
import { openOnlineStore } from './open-online-store.ts';

const folder = mkdtempSync(join(tmpdir(), 'causeway-open-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A port of this machine on which nobody listens. */
async function unusedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  server.close();
  return port;
}

test('sqlite: opens a file below the workspace, made where absent', async () => {
  const store = await openOnlineStore('sqlite:deep/online.sqlite', folder);
  expect(await store.materializedAt('a')).toBeNull();
  store.close();
});

test('a folder below /proc is refused and not tried forever', async () => {
  await expect(openOnlineStore('sqlite:/proc/causeway/online.sqlite', folder)).rejects.toThrow(InputError);
});

test.each(['', 'sqlite:', 'online.sqlite', 'postgres://host', 'redis', 'rediss', 'REDIS://host'])(
  '%j is refused with the forms that work',
  async (url) => {
    await expect(openOnlineStore(url, folder)).rejects.toThrow(/ONLINE_STORE: .*sqlite:<path>, redis:/);
  },
);

test('a URL of another kind that holds a password is refused without being shown', async () => {
  const refused = await openOnlineStore('reddis://user:secret@host', folder).catch((error: Error) => error);
  expect(refused).toBeInstanceOf(InputError);
  expect((refused as Error).message).not.toContain('secret');
});

test.each([
  'redis:',
  'redis://',
  'redis:///1',
  'redis://host/name',
  'redis://host:99999',
  'redis://host?db=1',
  'redis://secret@[',
])('%s names no server: refused with the form that works, and without what it holds', async (url) => {
  const refused = await openOnlineStore(url, folder).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(InputError);
  expect((refused as Error).message).toMatch(/^ONLINE_STORE: received a URL of another form .*redis:\/\/\[/);
  expect((refused as Error).message).not.toMatch(/secret|name;/);
});

test('a server that is not there is refused as input, the password kept back', async () => {
  const port = await unusedPort();
  const refused = await openOnlineStore(`redis://user:secret@127.0.0.1:${port}`, folder).catch((error: Error) => error);
  expect(refused).toBeInstanceOf(InputError);
  expect((refused as Error).message).toMatch(
    /ONLINE_STORE: received redis:\/\/user:\*\*\*@127.*ECONNREFUSED.*start the server/,
  );
});
