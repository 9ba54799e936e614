import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { importImage, loadCommand, loadImage } from './load-image.ts';

let folder: string;
/** A program on PATH that notes how it was called and says something. */
const standIn = (program: string, says: string): void =>
  writeFileSync(
    join(folder, program),
    `#!/bin/sh\necho "${program} $*" >> ${folder}/called\ncat <<'END'\n${says}\nEND\n`,
    { mode: 0o755 },
  );
const called = (): string[] => readFileSync(join(folder, 'called'), 'utf8').trimEnd().split('\n');

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'load-'));
  vi.stubEnv('PATH', [folder, process.env.PATH].join(delimiter));
  vi.stubEnv('CONTAINERD_ADDRESS', undefined);
  standIn('npm', '{ "archive": "/built/inference.tar", "digest": "sha256:aa" }');
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

test('kind is given the archive, for the cluster that the kubeconfig means', async () => {
  standIn('kubectl', 'kind-causeway');
  standIn('kind', 'loaded');
  expect(await loadImage('/work')).toEqual({ archive: '/built/inference.tar', digest: 'sha256:aa' });
  expect(called()).toEqual([
    'npm run --silent --prefix /work build',
    'kubectl config current-context',
    'kind load image-archive /built/inference.tar --name causeway',
  ]);
});

test('what kind cannot load is an error with what it said', async () => {
  standIn('kubectl', 'kind-causeway');
  writeFileSync(join(folder, 'kind'), '#!/bin/sh\necho "ERROR: no nodes found for cluster" >&2\nexit 1\n', {
    mode: 0o755,
  });
  await expect(importImage('/built/inference.tar')).rejects.toThrow(/^kind load .*exit code 1[\s\S]*no nodes found/);
});

test.each([
  [
    'of this machine',
    'kind-causeway',
    '/run/containerd.sock',
    /^ctr -a \/run\/containerd.sock -n k8s.io images import /,
  ],
  ['of another kind', 'desktop', undefined, /^docker load --input a.tar$/],
  ['whose name only sounds like it', 'my-kind-one', undefined, /^docker load/],
])('a cluster %s is given it its own way', (_, context, containerd, command) => {
  expect(loadCommand('a.tar', context, containerd).join(' ')).toMatch(command);
});
