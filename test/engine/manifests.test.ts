import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { typeProblems } from './compile-manifests.ts';
import type { Manifest } from './manifest.ts';
import { manifestProblems, ownKinds } from './validate-manifests.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const pod = { containers: [{ name: 'service', image: 'service', ports: [{ containerPort: 8080 }] }] };
const template = { metadata: { labels: { app: 'demand' } }, spec: pod };
const selector = { matchLabels: { app: 'demand' } };

const deployment = (spec: object): Manifest => ({
  where: 'deployment',
  api: 'apps/v1',
  kind: 'Deployment',
  object: { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'demand' }, spec },
});
const rollout = (spec: object): Manifest => ({
  where: 'rollout',
  api: 'argoproj.io/v1alpha1',
  kind: 'Rollout',
  object: { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', metadata: { name: 'demand' }, spec },
});
const scaledObject: Manifest = {
  where: 'scaled object',
  api: 'keda.sh/v1alpha1',
  kind: 'ScaledObject',
  object: {
    spec: { scaleTargetRef: { name: 'demand' }, triggers: [{ type: 'prometheus', metadata: { query: 'up' } }] },
  },
};
const steps = [{ setWeight: 25 }, { pause: { duration: '5m' } }];
const goodOnes = [
  deployment({ replicas: 2, selector, template }),
  rollout({ replicas: 4, selector, template, strategy: { canary: { steps, maxSurge: '25%' } } }),
  scaledObject,
];

test('objects as Kubernetes knows them are right', async () => {
  expect(await manifestProblems(goodOnes)).toEqual([]);
  expect(typeProblems(root, ownKinds(goodOnes))).toEqual([]);
});

test.each<[string, Manifest, RegExp]>([
  [
    'a port that is a text',
    deployment({ selector, template: { spec: { containers: [{ name: 'a', ports: [{ containerPort: '80' }] }] } } }),
    /deployment: .*containerPort/,
  ],
  ['a selector that is missing', deployment({ template }), /deployment: .*selector/],
  [
    'a step that does not exist',
    rollout({ strategy: { canary: { steps: [{ setWeigth: 25 }] } } }),
    /rollout: spec\.strategy\.canary\.steps\[0\]\.setWeigth does not exist/,
  ],
  [
    'a weight that is a text',
    rollout({ strategy: { canary: { steps: [{ setWeight: '25' }] } } }),
    /setWeight is of type string, not integer/,
  ],
  [
    'a pod of a Rollout with a wrong port',
    rollout({ template: { spec: { containers: [{ name: 'a', ports: [{ containerPort: '80' }] }] } } }),
    /rollout \(template\): .*containerPort/,
  ],
  [
    'a scaled object without triggers',
    { ...scaledObject, object: { spec: { scaleTargetRef: { name: 'a' } } } },
    /spec\.triggers is missing/,
  ],
  ['a kind that nobody knows', { ...scaledObject, kind: 'ScaledThing' }, /no schema is known/],
])('%s is found by a schema', async (_, manifest, message) => {
  expect((await manifestProblems([manifest])).join('\n')).toMatch(message);
});

test('fields that do not exist are found by the compiler, each in its own object', () => {
  const misspelt = { ...pod, terminationGracePeriod: 30 };
  const problems = typeProblems(
    root,
    ownKinds([
      ...goodOnes,
      deployment({ selector, template, minReadySecond: 3 }),
      rollout({ template: { ...template, spec: misspelt } }),
    ]),
  );
  expect(problems).toEqual([
    expect.stringMatching(/^deployment: .*minReadySecond/),
    expect.stringMatching(/^rollout \(template\): .*terminationGracePeriod/),
  ]);
});
