import { expect, test } from 'vitest';
import { imageProblems, pipelineLimits, serviceLimits } from './image-problems.ts';
import type { ImageInspection } from './inspect-image.ts';

const folder = (path: string) => ({ path, mode: 'drwxr-xr-x', owner: '0/0' });
const file = (path: string, mode = '-rw-r--r--', owner = '0/0') => ({ path, mode, owner });
const components = ['express', 'onnxruntime-node', 'flight-delay', 'node'].map((name) => ({ type: 'library', name }));

/** An image that may be shipped. */
const good: ImageInspection = {
  digest: `sha256:${'0'.repeat(64)}`,
  compressedBytes: 70e6,
  unpackedBytes: 190e6,
  user: '65532:65532',
  entries: [
    folder('app'),
    file('app/bin/node', '-rwxr-xr-x'),
    file('app/node_modules/onnxruntime-node/package.json'),
    file('app/models/flight-delay/champion.json'),
    // A base image has a folder for everybody.
    { path: 'tmp', mode: 'drwxrwxrwt', owner: '0/0' },
  ],
  bom: JSON.stringify({ components }),
  sources: ['apps/inference/src/main.ts', 'node_modules/express/lib/express.js'],
};
const listing = (names: readonly string[]) =>
  JSON.stringify({ components: components.filter(({ name }) => !names.includes(name)) });

test('an image within its limits, of root alone and with its list may be shipped', () => {
  expect(imageProblems(good, serviceLimits)).toEqual([]);
});

test.each<[string, Partial<ImageInspection>, string]>([
  ['is too large on a node', { unpackedBytes: 190.1e6 }, 'unpackedBytes: received 190.1 MB; allowed: 190.0 MB'],
  ['is too large on the way', { compressedBytes: 70.1e6 }, 'compressedBytes: received 70.1 MB; allowed: 70.0 MB'],
  ['names no user', { user: '' }, 'user: received root'],
  ['runs as root', { user: '0:0' }, 'user: received 0:0'],
  ['runs in the group of root', { user: '65532:0' }, 'user: received 65532:0'],
  ['names its user in words', { user: 'nonroot' }, 'user: received nonroot'],
  [
    'has a file that everybody writes',
    { entries: [...good.entries, file('app/x.js', '-rw-r--rw-')] },
    '/app/x.js: received -rw-r--rw- of 0/0',
  ],
  [
    'has a file that its group writes',
    { entries: [...good.entries, file('app/x.js', '-rw-rw-r--')] },
    '/app/x.js: received -rw-rw-r-- of 0/0',
  ],
  [
    'has a file that its user owns',
    { entries: [...good.entries, file('app/x.js', '-rw-r--r--', '65532/65532')] },
    '/app/x.js: received -rw-r--r-- of 65532/65532',
  ],
  ['has no list', { bom: null }, '/app/bom.cdx.json: received nothing'],
  ['lists no package that is bundled', { bom: listing(['express']) }, 'received a list without express'],
  [
    'lists no package that lies beside the bundle',
    { bom: listing(['onnxruntime-node']) },
    'received a list without onnxruntime-node',
  ],
  ['does not say what is bundled', { sources: [] }, '/app/apps/inference/dist: received no names'],
  ['lists no model', { bom: listing(['flight-delay']) }, 'received a list without flight-delay'],
  ['lists no Node', { bom: listing(['node']) }, 'received a list without node'],
])('an image that %s is refused, for that alone', (_, defect, problem) => {
  expect(imageProblems({ ...good, ...defect }, serviceLimits)).toEqual([expect.stringContaining(problem)]);
});

test('an image whose sources lie in it as they are need not say what is bundled, and is held to its own list all the same', () => {
  const unbundled = { ...good, sources: [] };
  expect(imageProblems(unbundled, pipelineLimits)).toEqual([]);
  const unlisted = imageProblems({ ...unbundled, bom: listing(['onnxruntime-node']) }, pipelineLimits);
  expect(unlisted).toEqual([expect.stringContaining('received a list without onnxruntime-node')]);
});
