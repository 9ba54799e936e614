import { expect, test } from 'vitest';
import { tagsOf } from '../naming.ts';
import { allPolicies } from './all-policies.ts';
import { cleanDraft } from './fixtures/clean-declared.ts';
import { defects } from './fixtures/defects.ts';
import { policiesPage } from './fixtures/policies-page.ts';
import type { Declared } from './policy.ts';

const findings = (declared: Declared) =>
  allPolicies.flatMap(({ name, check }) => check(declared).map(({ problem }) => ({ policy: name, problem })));

test('no policy finds anything in what is clean', () => {
  expect(findings(cleanDraft())).toEqual([]);
});

test.each(defects)('$name is found by $policy alone', ({ policy, plant }) => {
  const draft = cleanDraft();
  plant(draft);
  const found = findings(draft);
  expect([...new Set(found.map((one) => one.policy))]).toEqual([policy]);
  // It says what to do, behind what stands there.
  expect(found[0]?.problem).toMatch(/; |: /);
});

test('every policy finds some defect, and every defect has its policy', () => {
  const found = new Set(defects.map(({ policy }) => policy));
  expect(allPolicies.map(({ name }) => name).filter((name) => !found.has(name))).toEqual([]);
  expect(defects.filter(({ policy }) => !allPolicies.some(({ name }) => name === policy))).toEqual([]);
});

test('on the stack local, plain traffic and ways in beside the edge are allowed, and nothing else more', () => {
  const allowed = defects.filter(({ plant }) => {
    const draft = cleanDraft();
    plant(draft);
    // Tags say which stack it is.
    const resources = draft.resources.map((one) =>
      one.inputs.tags === undefined ? one : { ...one, inputs: { ...one.inputs, tags: tagsOf('local', 'sample') } },
    );
    return findings({ ...draft, stack: 'local', resources }).length === 0;
  });
  const names = allowed.filter(({ policy }) => policy !== 'tags').map(({ name }) => name);
  const plain = defects.filter(({ policy }) => policy === 'plain-traffic').map(({ name }) => name);
  const ways = ['a way in beside the edge', 'a port on every node', 'an ingress for the world'];
  expect(names.sort()).toEqual([...plain, ...ways].sort());
});

test('in a type that nobody has looked at, the pods are judged as well, wherever they stand', () => {
  const inside = defects.filter(({ name }) => name.startsWith('a privileged pod '));
  expect(inside).toHaveLength(5);
  for (const { plant } of inside) {
    const draft = cleanDraft();
    plant(draft);
    const problems = findings(draft).map(({ problem }) => problem);
    expect(problems).toContainEqual(expect.stringContaining('take hostNetwork out'));
    expect(problems).toContainEqual(expect.stringContaining('take privileged out'));
  }
});

test('tags that the provider gives to all count', () => {
  const draft = cleanDraft();
  draft.inputs('artifacts').tags = undefined;
  const resources = draft.resources.map((one) => (one.name === 'artifacts' ? { ...one, provider: 'here' } : one));
  const withProvider = { ...draft, resources };
  expect(findings(withProvider)).toHaveLength(1);
  const defaultTags = JSON.stringify({ tags: tagsOf('prod', 'sample') });
  draft.add('pulumi:providers:aws', 'here', { defaultTags });
  expect(findings({ ...draft, resources: [...resources, ...draft.resources.slice(-1)] })).toEqual([]);
});

test('docs/policies.md shows every policy and what it finds', async () => {
  await expect(policiesPage()).toMatchFileSnapshot('../../../../docs/policies.md');
});
