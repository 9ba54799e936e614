import { expect, test } from 'vitest';
import { billOfMaterials, type Materials } from './bill-of-materials.ts';

const sha256 = 'a'.repeat(64);
const sha512 = 'b'.repeat(128);
const materials: Materials = {
  version: '0.1.0',
  packages: [
    { name: '@redis/client', version: '6.3.1', license: 'MIT', sha512 },
    { name: 'either', version: '1.0.0', license: '(MIT OR Apache-2.0)', sha512: null },
    { name: 'own-terms', version: '1.0.0', license: 'SEE LICENSE IN TERMS', sha512: null },
    { name: 'own-terms', version: '1.0.0', license: 'SEE LICENSE IN TERMS', sha512: null },
  ],
  node: { version: '24.21.0', sha256 },
  models: [{ model: 'flight-delay', version: 1, digest: `sha256:${sha256}` }],
  libraries: [{ name: 'libc.so.6', version: '2.36', purl: 'pkg:deb/debian/libc6@2.36?arch=amd64', sha256 }],
};

test('a list names each material once, with its digest, by which a scanner finds it', async () => {
  const { components } = JSON.parse(await billOfMaterials(materials));
  const shown = components.map(({ type, name, purl }: Record<string, string>) => `${type} ${name} ${purl ?? ''}`);
  expect(shown.sort()).toEqual([
    'library @redis/client pkg:npm/%40redis/client@6.3.1',
    'library either pkg:npm/either@1.0.0',
    'library libc.so.6 pkg:deb/debian/libc6@2.36?arch=amd64',
    'library own-terms pkg:npm/own-terms@1.0.0',
    'machine-learning-model flight-delay ',
    'platform node pkg:generic/node@24.21.0',
  ]);
  const redis = components.find(({ name }: { name: string }) => name === '@redis/client');
  expect(redis.hashes).toEqual([{ alg: 'SHA-512', content: sha512 }]);
});

test('the same materials in another order are the same bytes', async () => {
  const turned = { ...materials, packages: [...materials.packages].reverse() };
  expect(await billOfMaterials(turned)).toBe(await billOfMaterials(materials));
});

test('what the schema of CycloneDX refuses is not written', async () => {
  const node = { ...materials.node, version: '9'.repeat(1025) };
  await expect(billOfMaterials({ ...materials, node })).rejects.toThrow('breaks its schema');
});
