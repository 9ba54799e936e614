import { expect, test } from 'vitest';
import { deriveContract } from './derive-contract.ts';
import { InputError, type Problem } from './input-error.ts';
import { defineModel, type ModelDefinition, select } from './model.ts';
import { modelContractSchema } from './model-contract.ts';
import { featureNames } from './model-schema.ts';
import { defineSource, type SourceDefinition } from './source.ts';
import { gradientBoosting } from './training.ts';
import { category, clock, column, count, latestView, mean, requestView, windowView } from './view.ts';

const trips: SourceDefinition = {
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
  rules: [{ kind: 'hardRange', column: 'delay', min: -100, max: 5000 }],
};
const source = defineSource(trips);
const plan = requestView({ name: 'plan', version: 1, about: 'the plan', source, features: { line: category('line') } });
const recent = windowView({
  name: 'recent',
  version: 1,
  about: 'recent delays',
  source,
  entity: ['line'],
  event: 'ended_at',
  known: 'ended_at',
  ttl: '1h',
  window: '3h',
  features: { delay_mean: mean('delay'), delay_count: count('delay') },
});

const honest: ModelDefinition = {
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
  features: select(plan, recent),
  training: gradientBoosting({ rounds: 10 }),
  gates: { slices: ['line'] },
  serving: { timeoutMs: 200, threshold: 0.3 },
  release: { steps: [25, 50, 100] },
  resources: { cpu: 1, memoryMiB: 512, replicas: { min: 4, max: 10 } },
};

test('a release says its steps; the rest of its policy has defaults', () => {
  expect(defineModel(honest).release).toEqual({
    steps: [25, 50, 100],
    look: '1m',
    minRequests: 300,
    plannedRequests: 1000,
    deadline: '1h',
    alpha: 0.01,
    margins: {
      errors: 0.001,
      latency: 0.01,
      scores: 0.15,
      fallback: 0.005,
      agreement: 0.01,
      refused: 0.01,
      sampleRatio: 0.1,
    },
  });
});

function problems(make: () => unknown): readonly Problem[] {
  try {
    make();
  } catch (error) {
    if (error instanceof InputError) return error.problems;
    throw error;
  }
  return [];
}

test('accepts an honest definition and derives task, defaults and feature order', () => {
  const model = defineModel(honest);
  expect(model.task).toBe('binary');
  expect(featureNames(model.features)).toEqual(['line', 'delay_mean', 'delay_count']);
  expect(model.training).toMatchObject({ rounds: 10, leaves: 31 });
});

const lies: [string, Partial<ModelDefinition>, string][] = [
  ['a label that is not there', { label: { column: 'tardy', knownAfter: '6h' } }, 'trip-delay.label.column'],
  ['a label known beforehand', { label: { column: 'line', knownAfter: '6h' } }, 'trip-delay.label.column'],
  ['a slice in no view', { gates: { slices: ['lime'] } }, 'trip-delay.gates.slices[0]'],
  ['a negative timeout', { serving: { timeoutMs: -1 } }, 'trip-delay.serving.timeoutMs'],
  ['a step below one replica', { release: { steps: [5, 100] } }, 'trip-delay.release.steps[0]'],
  ['steps that do not end with 100', { release: { steps: [25, 50] } }, 'trip-delay.release.steps'],
  ['steps that fall', { release: { steps: [50, 25, 100] } }, 'trip-delay.release.steps[1]'],
  ['looks that metrics cannot follow', { release: { steps: [100], look: '1s' } }, 'trip-delay.release.look'],
  ['a deadline before the first look', { release: { steps: [100], deadline: '30s' } }, 'trip-delay.release.deadline'],
  [
    'a plan of fewer requests than tell something',
    { release: { steps: [100], minRequests: 500, plannedRequests: 400 } },
    'trip-delay.release.plannedRequests',
  ],
  ['a margin in percent', { release: { steps: [100], margins: { errors: 1 } } }, 'trip-delay.release.margins.errors'],
  ['a cut-off at a column known later', { cutoff: { column: 'ended_at', lead: '2h' } }, 'trip-delay.cutoff.column'],
  ['a field that does nothing', { alarms: {} } as Partial<ModelDefinition>, 'trip-delay.alarms'],
  [
    'an availability of which no outage could burn the budget fast',
    { monitoring: { objectives: { availability: 0.9 } } },
    'trip-delay.monitoring.objectives.availability',
  ],
  [
    'a latency between two bounds',
    { monitoring: { objectives: { latencyP99Ms: 60 } } },
    'trip-delay.monitoring.objectives.latencyP99Ms',
  ],
  [
    'parts that overlap',
    { split: { ...honest.split, validate: ['2013-08-01', '2013-10-01'] } },
    'trip-delay.split.validate[0]',
  ],
  [
    'a part that ends before it begins',
    { split: { ...honest.split, train: ['2013-09-01', '2013-01-01'] } },
    'trip-delay.split.train',
  ],
  ['the same feature twice', { features: select(plan, plan) }, 'trip-delay.features'],
  ['no view at all', { features: [], gates: { slices: [] } }, 'trip-delay.features'],
  [
    'fewer replicas at most than at least',
    { resources: { cpu: 1, memoryMiB: 512, replicas: { min: 4, max: 2 } } },
    'trip-delay.resources.replicas.max',
  ],
  ['a threshold of 1', { serving: { timeoutMs: 200, threshold: 1 } }, 'trip-delay.serving.threshold'],
  [
    'an imported model outside its folder',
    { training: { by: 'importedOnnx', path: '../x.onnx' } },
    'trip-delay.training.path',
  ],
  ['a seed of more than 32 bits', { training: gradientBoosting({ seed: 2 ** 32 }) }, 'trip-delay.training.seed'],
  ['a threshold for a regression', { label: { column: 'delay', knownAfter: '6h' } }, 'trip-delay.serving.threshold'],
];

test.each(lies)('refuses %s, and nothing else', (_what, lie, path) => {
  const found = problems(() => defineModel({ ...honest, ...lie }));
  expect(found.map((p) => p.path)).toEqual([path]);
  expect(found[0]?.received).not.toBe('');
  expect(found[0]?.allowed).not.toBe('');
  expect(found[0]?.action).not.toBe('');
});

test('refuses a request view that offers what is known only later, as a leak', () => {
  const [problem] = problems(() =>
    requestView({ name: 'leak', version: 1, about: 'x', source, features: { delay: column('delay') } }),
  );
  expect(problem).toMatchObject({ path: 'view leak.features.delay', received: 'delay, known at ended_at' });
  expect(problem?.action).toContain('leak');
});

test('refuses a looked-up view that claims to know a column earlier than its source says', () => {
  const early = {
    name: 'early',
    version: 1,
    about: 'x',
    source,
    entity: ['line'],
    event: 'starts_at',
    known: 'starts_at',
    ttl: '1h',
  } as const;
  const [problem] = problems(() => latestView({ ...early, entity: ['line'], features: { delay: column('delay') } }));
  expect(problem?.path).toBe('view early.features.delay');
  expect(problem?.action).toContain('leak');
});

const settled = defineSource({
  ...trips,
  columns: {
    ...trips.columns,
    settled_at: { type: 'instant', about: 'when the end is reported', knownAt: 'settled_at' },
    filed_at: { type: 'instant', about: 'end as filed', knownAt: 'settled_at' },
    outcome: { type: 'text', about: 'how it ended', knownAt: 'settled_at' },
    gate: { type: 'text', about: 'where it ended', knownAt: 'ended_at' },
  },
});

interface RowsAt {
  event?: string;
  known?: string;
  entity?: string[];
  window?: '0s';
}

test.each<[string, RowsAt, string[]]>([
  ['an event that is reported later', { event: 'filed_at' }, ['view ends.event']],
  ['a known time that is itself known later', { known: 'filed_at' }, ['view ends.known']],
  ['an entity that is known later', { entity: ['outcome'] }, ['view ends.entity[0]']],
  ['a window in which nothing lies', { window: '0s' }, ['view ends.window']],
  ['an entity that is known at the event', { entity: ['gate'], known: 'settled_at' }, []],
  ['an event that is reported by the known time', { event: 'filed_at', known: 'settled_at' }, []],
])('of rows as they were known: %s', (_what, change, paths) => {
  const ends = {
    name: 'ends',
    version: 1,
    about: 'x',
    source: settled,
    entity: ['line'],
    event: 'ended_at',
    known: 'ended_at',
    ttl: '1h',
    window: '3h',
    features: { ends: count('line') },
  } satisfies Parameters<typeof windowView>[0];
  const found = problems(() => windowView({ ...ends, ...change }));
  expect(found.map((p) => p.path)).toEqual(paths);
});

test('refuses a view without a source and a raw file that lies elsewhere', () => {
  const { source: _, ...rest } = { ...plan.spec, source: undefined };
  expect(problems(() => requestView(rest as unknown as Parameters<typeof requestView>[0]))[0]?.path).toMatch(/source$/);
  for (const file of [new URL('https://localhost/trips.csv'), 'trips.csv' as unknown as URL]) {
    const [remote] = problems(() => defineSource({ ...trips, raw: { trips: file } }));
    expect(remote).toMatchObject({
      path: 'trips.raw.trips',
      allowed: "new URL('<file>', import.meta.url) or sqlTable({ ... })",
    });
  }
});

test('refuses columns of a source that do not exist, wherever they are named', () => {
  const found = problems(() =>
    defineSource({
      ...trips,
      key: ['id'],
      eventTime: 'line',
      rules: [{ kind: 'softRange', column: 'speed', min: 0, max: 1 }],
    }),
  );
  expect(found.map((p) => p.path)).toEqual(['trips.key[0]', 'trips.eventTime', 'trips.rules[0].column']);
});

test('changes the digest with what changes a bundle, and only then', () => {
  const digest = defineModel(honest).digest;
  const objectives = { availability: 0.99, latencyP99Ms: 25 };
  expect(defineModel({ ...honest, monitoring: { objectives } }).digest).toBe(digest);
  expect(defineModel({ ...honest, release: { steps: [50, 100], look: '10s', alpha: 0.05 } }).digest).toBe(digest);
  expect(defineModel({ ...honest, training: gradientBoosting({ rounds: 11 }) }).digest).not.toBe(digest);
  const { features: views, kind: _p, ...same } = plan.spec;
  const both = { line: category('line'), day: clock('starts_at', 'dayOfWeek', 'UTC') };
  const input = (features: typeof views) =>
    defineModel({ ...honest, features: select(requestView({ ...same, source, features })) }).digest;
  expect(input({ day: both.day, line: both.line }), 'the order of the input').not.toBe(input(both));
  expect(defineModel({ ...honest, events: defineSource({ ...trips, key: ['line', 'trip_id'] }) }).digest).not.toBe(
    digest,
  );
  const { digest: _d, source: from, spec } = recent;
  const { kind: _k, ...rest } = spec;
  const longer = windowView({ ...rest, source: from, window: '4h' });
  expect(longer.digest).not.toBe(recent.digest);
  expect(defineModel({ ...honest, features: select(plan, longer) }).digest).not.toBe(digest);
});

test('derives a contract that its schema accepts: request fields, categories, output and threshold', () => {
  const contract = deriveContract(defineModel(honest), { dataBeginsUs: 0, categories: { line: ['b', 'a'] } });
  expect(modelContractSchema.parse(JSON.parse(JSON.stringify(contract)))).toEqual(contract);
  expect(contract.request.map((f) => [f.name, f.required])).toEqual([
    ['line', true],
    ['starts_at', true],
  ]);
  expect(contract.features).toEqual([
    { name: 'line', view: 'plan', categories: ['b', 'a'] },
    { name: 'delay_mean', view: 'recent', categories: null },
    { name: 'delay_count', view: 'recent', categories: null },
  ]);
  expect(contract).toMatchObject({ cutoff: { leadUs: 7200e6 }, output: { name: 'probability' }, threshold: 0.3 });
});
