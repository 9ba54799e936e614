import { releasePolicySchema } from '@repo/contract/release-policy';
import type { ModelFacts } from './model-facts.ts';

/** A model as tests of components need one. */
export const exampleModel: ModelFacts = {
  name: 'bike-demand',
  owner: 'city',
  events: { name: 'rides' },
  serving: { timeoutMs: 200 },
  task: 'regression',
  release: releasePolicySchema.parse({ steps: [25, 50, 100] }),
  resources: { cpu: 1, memoryMiB: 512, replicas: { min: 4, max: 10 } },
};
