import { expect, test } from 'vitest';
import { exampleModel } from './example-model.ts';
import { rolloutSpec } from './rollout-spec.ts';

const settings = {
  ...{ image: 'image', pull: false, serviceAccount: 'a', championConfigMap: 'b', secret: 'c', cpuRequestShare: 1 },
  ...{ stateUrl: 'file:state', onlineStoreMark: 'none', scaled: false, patienceS: 600 },
};

test('without an autoscaler there are as many replicas as the definition wants at least', () => {
  expect(rolloutSpec(exampleModel, settings).replicas).toBe(4);
});

test('an autoscaler is not overruled by every up', () => {
  expect(rolloutSpec(exampleModel, { ...settings, scaled: true })).not.toHaveProperty('replicas');
});

test('the Rollout finds the pods that it makes', () => {
  const { selector, template } = rolloutSpec(exampleModel, settings);
  expect(template.metadata).toMatchObject({ labels: selector.matchLabels });
});
