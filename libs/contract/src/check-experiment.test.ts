import { expect, test } from 'vitest';
import { deriveExperiment, type Experiment, experimentSchema } from './experiment.ts';
import { armName, experimentPolicySchema } from './experiment-policy.ts';
import { InputError } from './input-error.ts';
import { defineModel, type ModelDefinition, select } from './model.ts';
import { defineSource } from './source.ts';
import { gradientBoosting } from './training.ts';
import { category, requestView } from './view.ts';

const source = defineSource({
  name: 'trips',
  about: 'Trips of a made-up line.',
  owner: 'tests',
  licence: 'CC0-1.0',
  key: ['trip_id'],
  eventTime: 'starts_at',
  columns: {
    trip_id: { type: 'text', about: 'id' },
    line: { type: 'text', about: 'line' },
    starts_at: { type: 'instant', about: 'planned start' },
    ended_at: { type: 'instant', about: 'end', nullable: true, knownAt: 'ended_at' },
    delay: { type: 'number', about: 'minutes', nullable: true, knownAt: 'ended_at' },
    late: { type: 'boolean', about: 'delay of 5 minutes or more', nullable: true, knownAt: 'ended_at' },
  },
  raw: { trips: new URL('file:///trips.parquet') },
  sql: 'SELECT * FROM trips',
  rules: [],
});
const plan = requestView({ name: 'plan', version: 1, about: 'the plan', source, features: { line: category('line') } });
const plain: ModelDefinition = {
  name: 'trip-delay',
  question: 'Will it be late?',
  owner: 'tests',
  events: source,
  cutoff: { column: 'starts_at', lead: '2h' },
  label: { column: 'late', knownAfter: '6h' },
  split: {
    train: ['2013-01-01', '2013-09-01'],
    validate: ['2013-09-01', '2013-10-01'],
    test: ['2013-10-01', '2013-12-01'],
  },
  features: select(plan),
  training: gradientBoosting({ rounds: 10 }),
  gates: { slices: ['line'] },
  serving: { timeoutMs: 200 },
  release: { steps: [25, 50, 100] },
  resources: { cpu: 1, memoryMiB: 512, replicas: { min: 4, max: 10 } },
};
const sound: NonNullable<ModelDefinition['experiment']> = {
  name: 'fewer-trees',
  hypothesis: 'Fewer trees are no worse.',
  unit: 'line',
  arms: [
    { version: 'champion', weight: 50 },
    { version: 2, weight: 50 },
  ],
  primary: { metric: 'logLoss' },
  horizon: { units: 1000 },
};
const withExperiment = (change: object): ModelDefinition => ({ ...plain, experiment: { ...sound, ...change } });

test('an experiment has defaults that need no saying, and changes no bundle', () => {
  const model = defineModel(withExperiment({}));
  expect(model.experiment).toMatchObject({ traffic: 100, alpha: 0.05, guardrails: [], horizon: { minDays: 7 } });
  expect(model.digest).toBe(defineModel(plain).digest);
  expect(defineModel(withExperiment({ traffic: 10, shadow: 2 })).digest).toBe(model.digest);
});

const arm = { version: 2, weight: 50 };
test.each([
  [{ arms: [arm, { version: 3, weight: 49.99 }] }, 'experiment.arms: received weights that sum to 99.99'],
  [{ arms: [arm, arm] }, 'experiment.arms[1].name: received "version-2" twice'],
  [{ arms: [arm] }, 'experiment.arms'],
  [{ arms: [arm, { version: 0, weight: 50 }] }, 'experiment.arms[1].version'],
  [{ arms: [arm, { version: 'previous', weight: 50 }] }, '"champion" or a version number'],
  [{ traffic: 101 }, 'experiment.traffic: received 101'],
  [{ traffic: 0.001 }, 'a percentage in steps of 0.01'],
  [{ unit: 'trip_id' }, 'experiment.unit: received "trip_id"; allowed: line'],
  [{ primary: { metric: 'mae' } }, 'experiment.primary.metric'],
  [{ primary: { metric: 'squaredError' } }, 'experiment.primary.metric: received "squaredError"; allowed: logLoss'],
  [
    { primary: { metric: { column: 'line', good: 'lower' } } },
    'experiment.primary.metric.column: received "line"; allowed: delay, late',
  ],
  [{ primary: { metric: 'yes' } }, 'experiment.primary.margin: received nothing; allowed: a number above 0'],
  [{ guardrails: [{ metric: 'missed', margin: 0 }] }, 'experiment.guardrails[0].margin'],
  [{ horizon: { units: 10 } }, 'experiment.horizon.units'],
  [{ alpha: 0.5 }, 'experiment.alpha'],
  [{ salts: 'x' }, 'experiment.salts'],
])('%j is refused', (change, message) => {
  expect(() => defineModel(withExperiment(change))).toThrow(message);
  expect(() => defineModel(withExperiment(change))).toThrow(InputError);
});

test('what a service gets to know is arms, unit and pins, and nothing of what is expected', async () => {
  const policy = experimentPolicySchema.parse({ ...sound, shadow: 3 });
  const asked: string[] = [];
  const digest = `sha256:${'0'.repeat(64)}`;
  const experiment = await deriveExperiment(policy, async (version, path) => {
    asked.push(path);
    return { version, digest };
  });
  expect(experiment).toEqual({
    schemaVersion: 1,
    name: 'fewer-trees',
    salt: 'fewer-trees',
    unit: 'line',
    traffic: 100,
    arms: [
      { name: 'champion', pin: null, weight: 50 },
      { name: 'version-2', pin: { version: 2, digest }, weight: 50 },
    ],
    shadow: { version: 3, digest },
  });
  expect(asked).toEqual(['arms[1].version', 'shadow']);
  expect(armName({ version: 4, weight: 1, name: 'b' })).toBe('b');
});

test('a file that was edited by hand into something that cannot be divided by is no experiment', () => {
  const arms = [
    { name: 'a', pin: null, weight: 50 },
    { name: 'b', pin: null, weight: 50 },
  ];
  const file: Experiment = { schemaVersion: 1, name: 'x', salt: 'x', unit: 'line', traffic: 100, arms, shadow: null };
  const problemOf = (changed: Experiment['arms']) =>
    experimentSchema.safeParse({ ...file, arms: changed }).error?.issues.map(({ message }) => message);
  expect(problemOf(arms)).toBeUndefined();
  expect(problemOf(arms.map((one) => ({ ...one, weight: 49 })))).toEqual(['weights that sum to 100']);
  expect(problemOf(arms.map((one) => ({ ...one, name: 'a' })))).toEqual(['arms of different names']);
});
