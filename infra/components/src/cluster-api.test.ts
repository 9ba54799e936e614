import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { withClusterApi } from './cluster-api.ts';

/** Stands in for kubectl: notes its arguments, serves the paths asked for on the socket it is given, and says so like the real one. */
const standIn = (folder: string): string => `#!${process.execPath}
const { createServer } = require('node:http');
require('node:fs').writeFileSync(${JSON.stringify(join(folder, 'args.json'))}, JSON.stringify(process.argv.slice(2)));
const at = process.argv.find((arg) => arg.startsWith('--unix-socket='))?.slice('--unix-socket='.length);
const server = createServer((request, response) => {
  response.statusCode = request.url === '/none' ? 404 : 200;
  response.end(request.headers.host + ' ' + request.url);
});
server.listen(at ?? { port: 0, host: '127.0.0.1' }, () => {
  console.log('Starting to serve on ' + (at ?? '127.0.0.1:' + server.address().port));
});
`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kubectl-'));
  writeFileSync(join(folder, 'kubectl'), standIn(folder), { mode: 0o755 });
  vi.stubEnv('PATH', folder);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

test('the API is open on a socket in a folder of the user alone, on no port, and only meanwhile', async () => {
  let socketPath = '';
  const answers = await withClusterApi('{}', async (get) => {
    const args = JSON.parse(readFileSync(join(folder, 'args.json'), 'utf8')) as string[];
    expect(args.filter((arg) => arg.startsWith('--port'))).toEqual([]);
    socketPath = args.find((arg) => arg.startsWith('--unix-socket='))?.slice('--unix-socket='.length) ?? '';
    expect(statSync(dirname(socketPath)).mode & 0o777).toBe(0o700);
    return [await get('/version'), await get('/none')];
  });
  expect(answers).toEqual([
    { status: 200, text: 'localhost /version' },
    { status: 404, text: 'localhost /none' },
  ]);
  expect(existsSync(dirname(socketPath))).toBe(false);
});

test('without kubectl what is missing is told', async () => {
  rmSync(join(folder, 'kubectl'));
  await expect(withClusterApi('{}', async () => null)).rejects.toThrow(/kubectl: .*ENOENT; allowed: kubectl on PATH/);
});

test('a kubectl that ends by itself is named with what it said', async () => {
  writeFileSync(join(folder, 'kubectl'), '#!/bin/sh\necho "error: no such context" >&2\nexit 1\n', { mode: 0o755 });
  vi.stubEnv('PATH', `${folder}:/usr/bin:/bin`);
  await expect(withClusterApi('{}', async () => null)).rejects.toThrow(
    /kubectl: received exit code 1: .*no such context/,
  );
});

test('what goes wrong meanwhile reaches whoever asked, and the proxy and its kubeconfig are gone', async () => {
  let socketPath = '';
  const work = withClusterApi('{}', async () => {
    const args = JSON.parse(readFileSync(join(folder, 'args.json'), 'utf8')) as string[];
    socketPath = args.find((arg) => arg.startsWith('--unix-socket='))?.slice('--unix-socket='.length) ?? '';
    throw new Error('not ready');
  });
  await expect(work).rejects.toThrow('not ready');
  expect(existsSync(dirname(socketPath))).toBe(false);
});
