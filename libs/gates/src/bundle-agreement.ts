import type { GateCheck } from '@repo/contract/gate-report';
import type { Side } from './evidence.ts';
import { factCheck } from './fact-check.ts';

/** One agreement between files of a bundle: what disagrees, each in a few words. */
type Agreement = (side: Side) => string[];

const same = (a: readonly unknown[], b: readonly unknown[]) => JSON.stringify(a) === JSON.stringify(b);
const unless = (isGood: boolean, problem: string): string[] => (isGood ? [] : [problem]);

/** The features of a contract are those of its views, of the profile and of the trainer: same names, kinds and categories, same order. */
const features: Agreement = ({ contract, profile, trainer }) => {
  const names = contract.features.map(({ name }) => name);
  const ofViews = contract.views.flatMap(({ spec }) =>
    Object.entries(spec.features).map(([name, { from }]) => `${spec.name} ${name} ${from === 'category'}`),
  );
  const own = contract.features.map(({ name, view, categories }) => `${view} ${name} ${categories !== null}`);
  const profiled = profile.features.map((one) => [one.name, one.kind === 'category' ? one.categories : null]);
  return [
    ...unless(same(own.toSorted(), ofViews.toSorted()), 'contract.json has other features than its views'),
    ...unless(new Set(names).size === names.length, 'contract.json has a feature twice'),
    ...unless(
      same(
        contract.features.map(({ name, categories }) => [name, categories]),
        profiled,
      ),
      'profile.json has other features or categories than contract.json',
    ),
    ...unless(
      trainer?.by !== 'trees' || same(trainer.model.featureNames, names),
      'trainer.json has other features than contract.json',
    ),
  ];
};

const task: Agreement = ({ contract, metrics, trainer }) => {
  const output = contract.task === 'binary' ? 'probability' : 'prediction';
  return [
    ...unless(metrics.task === contract.task, `metrics.json measures a ${metrics.task} model`),
    ...unless(contract.output.name === output, `the answer is called ${contract.output.name} instead of ${output}`),
    ...unless(
      (contract.threshold !== null) === (contract.task === 'binary'),
      `the threshold of a ${contract.task} model is ${contract.threshold}`,
    ),
    ...unless(
      trainer?.by !== 'trees' || trainer.model.objective === contract.task,
      'trainer.json holds trees of another objective',
    ),
  ];
};

const golden: Agreement = ({ contract, golden: { features: rows, outputs, rowIds } }) => [
  ...unless(rows.length > 0, 'golden.json has no rows'),
  ...unless(
    rows.every((row) => row.length === contract.features.length),
    `golden.json has rows of other widths than the ${contract.features.length} features`,
  ),
  ...unless(outputs.length === rows.length, `golden.json has ${outputs.length} outputs for ${rows.length} rows`),
  ...unless(
    rowIds.length === 0 || rowIds.length === rows.length,
    `golden.json names ${rowIds.length} events for ${rows.length} rows`,
  ),
];

const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);

const profile: Agreement = ({ profile: { rows, features: each, answers }, metrics }) => {
  const miscounted = each.filter((one) => {
    const bins = one.kind === 'number' ? one.edges.length + 1 : one.categories.length;
    return one.counts.length !== bins || sum(one.counts) + one.missing !== rows;
  });
  return [
    ...unless(rows === metrics.rows.train, `profile.json is of ${rows} rows, metrics.json of ${metrics.rows.train}`),
    ...unless(miscounted.length === 0, `profile.json counts other rows for ${miscounted[0]?.name}`),
    ...unless(sum(answers.counts) === rows, 'profile.json counts other rows for the answers'),
  ];
};

const companions: Agreement = ({ contract, contents, profile: { outliers } }) => [
  ...unless(
    contract.serving.fallback.includes('compact') === (contents['compact.onnx'] !== undefined),
    'compact.onnx is there without the fallback compact, or the other way round',
  ),
  ...unless(
    (outliers !== null) === (contents['outliers.onnx'] !== undefined),
    'outliers.onnx is there without scores in profile.json, or the other way round',
  ),
];

const lineage: Agreement = ({ contract, lineage: { views } }) => {
  const own = contract.views.map(({ spec, digest }) => [`${spec.name}@${spec.version}`, digest]);
  const named = Object.entries(views);
  return unless(
    same(own.map(String).sort(), named.map(String).sort()),
    'lineage.json has other views than contract.json',
  );
};

const agreements: Readonly<Record<string, Agreement>> = { features, task, golden, profile, companions, lineage };

/** Holds the files of a bundle to each other. That each fits its schema is seen when the bundle is opened. */
export function bundleAgreement(side: Side): GateCheck[] {
  return Object.entries(agreements).map(([name, problemsOf]) => {
    const problems = problemsOf(side);
    const isGood = problems.length === 0;
    return factCheck(
      `files agree: ${name}`,
      isGood,
      isGood ? 'every file says the same' : `${problems.join('; ')}. A bundle is written as a whole: train again.`,
    );
  });
}
