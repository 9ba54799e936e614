import { expect, test } from 'vitest';
import { changesBetween } from './changes-between.ts';
import { hideSecrets } from './hide-secrets.ts';
import { propertiesOf } from './properties-of.ts';
import type { Rendered, RenderedResource } from './rendered.ts';

const resource = (name: string, inputs: Record<string, unknown>, more: Partial<RenderedResource> = {}) => ({
  type: 'aws:s3/bucket:Bucket',
  name,
  id: `${name}-id`,
  parent: null,
  inputs,
  secrets: [],
  urn: `urn:pulumi:prod::storage::aws:s3/bucket:Bucket::${name}`,
  provider: null,
  options: {},
  ...more,
});
const rendered = (...resources: RenderedResource[]): Rendered => ({
  program: 'storage',
  stack: 'prod',
  resources,
  outputs: {},
  secretOutputs: [],
  invokes: [],
});

test('two equal renderings differ in nothing', () => {
  const one = rendered(resource('a', { acl: 'private' }));
  expect(changesBetween(one, structuredClone(one))).toEqual({ changes: [], leftOut: 0 });
});

test('what is gone comes first, then what has come or changed, with the properties that differ', () => {
  const before = rendered(resource('a', { acl: 'private', tags: { stack: 'prod' } }), resource('b', { acl: 'x' }));
  const after = rendered(resource('a', { acl: 'public', tags: { stack: 'prod' } }), resource('c', { size: 3 }));
  expect(changesBetween(before, after).changes).toEqual([
    { kind: 'removed', resource: 'aws:s3/bucket:Bucket b', properties: [{ path: 'acl', before: '"x"', after: null }] },
    {
      kind: 'changed',
      resource: 'aws:s3/bucket:Bucket a',
      properties: [{ path: 'acl', before: '"private"', after: '"public"' }],
    },
    { kind: 'added', resource: 'aws:s3/bucket:Bucket c', properties: [{ path: 'size', before: null, after: '3' }] },
  ]);
});

test('what the engine is told about a resource counts as well', () => {
  const before = rendered(resource('a', {}, { options: { protect: true } }));
  const { changes } = changesBetween(before, rendered(resource('a', {}, { provider: 'abroad' })));
  expect(changes[0]?.properties.map(({ path }) => path)).toEqual(['$options.protect', '$provider']);
});

test('a resource that moves to another parent is another one, as it is for Pulumi', () => {
  const moved = resource('a', {}, { urn: 'urn:pulumi:prod::storage::x:index:Y$aws:s3/bucket:Bucket::a' });
  const { changes } = changesBetween(rendered(resource('a', {})), rendered(moved));
  expect(changes.map(({ kind }) => kind)).toEqual(['removed', 'added']);
});

test('what is too long is cut and counted', () => {
  const inputs = Object.fromEntries(Array.from({ length: 250 }, (_, i) => [`p${i}`, 'x'.repeat(600)]));
  const { changes, leftOut } = changesBetween(null, rendered(resource('a', inputs)));
  expect(changes[0]?.properties).toHaveLength(200);
  expect(changes[0]?.properties[0]?.after).toHaveLength(501);
  expect(leftOut).toBe(50);
});

test('a secret is shown nowhere, and its change neither', () => {
  const hidden = (password: string) =>
    hideSecrets(
      rendered(resource('a', { auth: { password }, keys: ['k', password] }, { secrets: ['auth', 'keys[1]'] })),
    );
  expect(JSON.stringify(hidden('open sesame'))).not.toContain('sesame');
  expect(hidden('one').resources[0]?.inputs).toEqual({ auth: '[secret]', keys: ['k', '[secret]'] });
  expect(changesBetween(hidden('one'), hidden('two')).changes).toEqual([]);
});

test('a secret output is hidden', () => {
  const { outputs } = hideSecrets({ ...rendered(), outputs: { url: 'u', key: { a: 1 } }, secretOutputs: ['key'] });
  expect(outputs).toEqual({ url: 'u', key: '[secret]' });
});

test('texts that hold JSON are looked into, others are not', () => {
  const policy = JSON.stringify({ Statement: [{ Action: 's3:Get*' }] });
  expect([...propertiesOf({ policy, 'a.b': 1, empty: {}, text: '{ not json' })]).toEqual([
    ['policy.Statement[0].Action', '"s3:Get*"'],
    ['["a.b"]', '1'],
    ['empty', '{}'],
    ['text', '"{ not json"'],
  ]);
});
