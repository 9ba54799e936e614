import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type RequestOptions, request } from 'node:https';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startWithWorkspace } from './fixtures/example-service.ts';
import { selfSigned } from './fixtures/self-signed.ts';
import { readTls } from './read-tls.ts';

let dir: string;
let files: { certFile: string; keyFile: string };
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'causeway-tls-'));
  const { cert, key } = selfSigned();
  files = { certFile: join(dir, 'cert.pem'), keyFile: join(dir, 'key.pem') };
  await writeFile(files.certFile, cert);
  await writeFile(files.keyFile, key);
});
afterAll(() => rm(dir, { recursive: true }));

function ask(port: number, options: RequestOptions = {}): Promise<{ status: number; protocol: string; body: string }> {
  return new Promise((resolve, reject) => {
    const sent = request({ port, rejectUnauthorized: false, agent: false, ...options }, async (response) => {
      const { socket } = response as unknown as { socket: { getProtocol(): string } };
      const protocol = socket.getProtocol();
      resolve({ status: response.statusCode ?? 0, protocol, body: await text(response) });
    });
    sent.on('error', reject).end();
  });
}

test('with a certificate the data port speaks TLS 1.2 or later and nothing else, and drains', async () => {
  const service = await startWithWorkspace({ TLS_CERT_FILE: files.certFile, TLS_KEY_FILE: files.keyFile });
  const { port, adminUrl } = service;
  expect(await ask(port, { path: '/readyz' })).toEqual({ status: 200, protocol: 'TLSv1.3', body: '{"ready":true}' });
  expect((await ask(port, { path: '/livez', maxVersion: 'TLSv1.2' })).protocol).toBe('TLSv1.2');
  await expect(ask(port, { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1' })).rejects.toThrow();
  await expect(fetch(`http://127.0.0.1:${port}/livez`)).rejects.toThrow();
  expect((await fetch(`${adminUrl}/metrics`)).status).toBe(200);
  const silent = connect(port, '127.0.0.1').on('error', () => {});
  await once(silent, 'connect');
  expect(await service.stop()).toBe(true);
});

test('files that cannot be read, are no certificate or key, or do not belong together are refused by their variable', async () => {
  const nowhere = join(dir, 'nowhere');
  const other = join(dir, 'other.pem');
  await writeFile(other, selfSigned().key);
  await expect(readTls({ ...files, certFile: nowhere })).rejects.toThrow(
    /^environment\.TLS_CERT_FILE: received .*ENOENT/,
  );
  await expect(readTls({ ...files, keyFile: dir })).rejects.toThrow(/^environment\.TLS_KEY_FILE: received .*EISDIR/);
  await expect(readTls({ ...files, certFile: other })).rejects.toThrow(/TLS_CERT_FILE: .*allowed: a certificate chain/);
  await expect(readTls({ ...files, keyFile: files.certFile })).rejects.toThrow(
    /TLS_KEY_FILE: .*allowed: a private key/,
  );
  await expect(readTls({ ...files, keyFile: other })).rejects.toThrow(/TLS_KEY_FILE: .*the key of another certificate/);
});
