import { expect, test } from 'vitest';
import { cleanDraft } from './fixtures/clean-declared.ts';
import { judgeDeclared } from './judge-declared.ts';
import type { Declared } from './policy.ts';
import { type Suppression, suppressionsSchema } from './suppression.ts';

/** A declaration with one finding. */
function openPort(): Declared {
  const draft = cleanDraft();
  Object.assign(draft.inputs('online'), { transitEncryptionEnabled: false });
  return draft;
}

const suppression: Suppression = {
  policy: 'plain-traffic',
  resource: 'aws:elasticache/replicationGroup:ReplicationGroup online',
  reason: 'moves to TLS with the next release',
  until: '2026-12-31',
};
const judge = (given: readonly Suppression[], today = '2026-12-31', declared = openPort()) =>
  judgeDeclared(declared, given, today);

test('a finding is a violation', () => {
  const { violations, borne } = judge([]);
  expect(violations).toEqual([
    {
      policy: 'plain-traffic',
      resource: suppression.resource,
      problem: 'is spoken to in the clear; set transitEncryptionEnabled',
    },
  ]);
  expect(borne).toEqual([]);
});

test('a suppressed finding is borne, with its reason, up to and on its last day', () => {
  const { violations, borne } = judge([suppression]);
  expect(violations).toEqual([]);
  expect(borne).toMatchObject([{ reason: suppression.reason, until: '2026-12-31' }]);
});

test('on the day after, it is a violation again', () => {
  const { violations } = judge([suppression], '2027-01-01');
  expect(violations).toMatchObject([{ problem: expect.stringContaining('ended on 2026-12-31') }]);
});

test('on another stack it does not count, and is no mistake', () => {
  expect(judge([{ ...suppression, stacks: ['dev'] }]).violations).toHaveLength(1);
});

test.each([
  [
    'a policy that does not exist',
    { policy: 'plain-trafic' },
    /suppressions\.json\[0\]\.policy: received "plain-trafic"/,
  ],
  ['a resource that nothing declares', { resource: 'aws:s3/bucket:Bucket none' }, /\[0\]\.resource: received .*none/],
  ['a policy that finds nothing there', { policy: 'tags' }, /there is nothing to bear/],
])('%s is an error', (_, changed, message) => {
  expect(() => judge([{ ...suppression, ...changed }])).toThrow(message);
});

test('a last day is at most 180 days ahead', () => {
  const today = '2026-11-28';
  expect(judge([{ ...suppression, until: '2027-05-27' }], today).violations).toEqual([]);
  expect(() => judge([{ ...suppression, until: '2027-05-28' }], today)).toThrow(
    /\[0\]\.until: received "2027-05-28".*2027-05-27/s,
  );
  expect(() => judge([{ ...suppression, until: '9999-12-31', stacks: ['dev'] }], today)).toThrow(/\.until/);
});

test.each([
  ['no reason', { reason: undefined }],
  ['no last day', { until: undefined }],
  ['a day that does not exist', { until: '2026-02-30' }],
  ['a stack that does not exist', { stacks: ['prd'] }],
  ['a field that does not exist', { expires: '2026-12-31' }],
])('%s is no suppression', (_, changed) => {
  expect(suppressionsSchema.safeParse([suppression]).success).toBe(true);
  expect(suppressionsSchema.safeParse([{ ...suppression, ...changed }]).success).toBe(false);
});
