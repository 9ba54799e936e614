import type { ExperimentPolicy } from '@repo/contract/experiment-policy';
import { chiSquaredTail } from '@repo/stats/chi-squared-distribution';
import { multinomialEValue } from '@repo/stats/multinomial-e-value';
import type { ArmEvidence, ExperimentEvidence } from './experiment-evidence.ts';
import type { ReadoutCheck } from './experiment-readout.ts';

type Check = (policy: ExperimentPolicy, evidence: ExperimentEvidence) => Omit<ReadoutCheck, 'name'>;

/** Evidence of a thousand to one, at any look: an experiment whose ratio is right is withheld once in a thousand. */
const strongEvidence = 1000;
/** Share of units or events that may be odd before nothing can be said. */
const fewEnough = 0.01;

const percent = (share: number): string => `${(100 * share).toFixed(share < 0.001 && share > 0 ? 3 : 1)} %`;
const total = (arms: readonly ArmEvidence[], of: (arm: ArmEvidence) => number): number =>
  arms.reduce((sum, arm) => sum + of(arm), 0);

/** Odd events or units: none is well, a few are told of, and more than 1 % withhold the results. */
function atMostFew(count: number, of: number, what: string, action: string): Omit<ReadoutCheck, 'name'> {
  if (count === 0) return { outcome: 'pass', detail: `no ${what}` };
  const share = count / Math.max(of, count);
  const detail = `${count} ${what}, ${percent(share)}`;
  if (share <= fewEnough) return { outcome: 'warn', detail };
  return { outcome: 'fail', detail: `${detail}; at most ${percent(fewEnough)} may be; ${action}` };
}

/** Units reach the arms in the ratio of the weights. Looked at as often as one likes, see multinomialEValue. */
const sampleRatio: Check = ({ arms: declared }, { arms }) => {
  const shares = declared.map(({ weight }) => weight / 100);
  const counts = arms.map(({ units }) => units);
  const seen = total(arms, ({ units }) => units);
  if (seen === 0) return { outcome: 'fail', detail: 'nobody has been exposed yet' };
  const evidence = multinomialEValue(counts, shares);
  const statistic = shares.reduce((sum, share, i) => {
    return share === 0 ? sum : sum + ((counts[i] as number) - share * seen) ** 2 / (share * seen);
  }, 0);
  const degrees = shares.filter((share) => share > 0).length - 1;
  const p = degrees > 0 ? `, chi-squared p ${chiSquaredTail(statistic, degrees).toPrecision(2)}` : '';
  const ratio = `${counts.join(' : ')} units where ${declared.map(({ weight }) => weight).join(' : ')} are expected`;
  const facts = `${ratio}; evidence ${evidence.toPrecision(2)} to one against${p}`;
  if (evidence < strongEvidence) return { outcome: 'pass', detail: facts };
  const action = 'find what loses or adds units of one arm, such as errors or a filter after the assignment';
  return { outcome: 'fail', detail: `${facts}; from ${strongEvidence} on nothing is said; ${action}` };
};

/** An arm that nobody was answered by cannot be compared. */
const bothArms: Check = ({ arms: declared }, { arms }) => {
  const empty = arms.filter((arm, i) => arm.units === 0 && (declared[i]?.weight ?? 0) > 0).map(({ name }) => name);
  const takingPart = declared.filter(({ weight }) => weight > 0).length;
  if (takingPart < 2) return { outcome: 'fail', detail: 'one arm alone has a weight: there is nothing to compare' };
  if (empty.length === 0) return { outcome: 'pass', detail: 'every arm answered' };
  return { outcome: 'fail', detail: `nobody was answered by ${empty.join(', ')}; see whether its version is open` };
};

/** Each unit stays on one arm. */
const oneArmEach: Check = (_policy, { arms, facts }) => {
  const all = total(arms, ({ units }) => units) + facts.movedUnits;
  const action = 'a salt or the weights were changed while it ran; begin anew under another name';
  return atMostFew(facts.movedUnits, all, 'units were answered by several arms and are left out', action);
};

/** The arm is the one that the hash of the unit gives, and its propensity the weight. */
const assignedAsDeclared: Check = (_policy, { arms, facts }) => {
  const { misassignedUnits, otherPropensity } = facts;
  if (misassignedUnits === 0 && otherPropensity === 0)
    return { outcome: 'pass', detail: 'arms and propensities are those of the definition' };
  const units = `${misassignedUnits} of ${total(arms, (arm) => arm.units)} units stand elsewhere than their hash says`;
  const events = `${otherPropensity} answers carry another propensity than the weight of their arm`;
  const action = 'weights or salt are not those that it ran with; restore them, or begin anew under another name';
  return { outcome: 'fail', detail: `${units}, ${events}; ${action}` };
};

/** Each arm was answered by its version. A champion that changed meanwhile is told of: the arm then means two models. */
const versionsAsDeclared: Check = ({ arms: declared }, { arms }) => {
  const wrong = arms.flatMap(({ name, versions }, i) => {
    const version = declared[i]?.version;
    const others = versions.filter((one) => version !== 'champion' && one !== String(version));
    return others.length === 0 ? [] : [`${name} was answered by version ${others.join(', ')}`];
  });
  if (wrong.length > 0) return { outcome: 'fail', detail: `${wrong.join('; ')}; begin anew under another name` };
  const changed = arms.filter(({ versions }) => versions.length > 1);
  if (changed.length === 0) return { outcome: 'pass', detail: 'every arm was answered by its version' };
  const each = changed.map(({ name, versions }) => `${name} means versions ${versions.join(' and ')}`);
  return { outcome: 'warn', detail: `the champion changed: ${each.join('; ')}` };
};

/** Labels that come for one arm rather than for another select what is compared. */
const labelsAlike: Check = (_policy, { arms, facts }) => {
  const [answers, labelled] = [total(arms, (arm) => arm.answers), total(arms, (arm) => arm.labelled)];
  const shares = arms.map((arm) => `${arm.name} ${arm.answers === 0 ? '-' : percent(arm.labelled / arm.answers)}`);
  const ambiguous = facts.ambiguousLabels === 0 ? '' : `, ${facts.ambiguousLabels} not told apart`;
  const detail = `labelled: ${shares.join(', ')}${ambiguous}`;
  if (labelled === 0) return { outcome: 'warn', detail: `${detail}; no label is known yet` };
  const share = labelled / answers;
  if (share === 1) return { outcome: 'pass', detail };
  // Answers of a unit are alike, so its units count, not its answers.
  const statistic = arms.reduce((sum, { answers: asked, labelled: known, units }) => {
    return asked === 0 ? sum : sum + (units * (known / asked - share) ** 2) / (share * (1 - share));
  }, 0);
  const p = chiSquaredTail(statistic, Math.max(1, arms.filter((arm) => arm.answers > 0).length - 1));
  if (p >= 1 / strongEvidence) return { outcome: 'pass', detail };
  return {
    outcome: 'fail',
    detail: `${detail}; p ${p.toPrecision(2)}: labels are lost for one arm; wait, or repair the join`,
  };
};

const oneClock: Check = (_policy, { arms, facts }) => {
  const all = total(arms, ({ answers }) => answers) + facts.inFuture;
  return atMostFew(
    facts.inFuture,
    all,
    'events lie in the future',
    'set the clocks of the hosts, which order past and exposure',
  );
};

const unitsNamed: Check = (_policy, { arms, facts }) => {
  const all = total(arms, ({ answers }) => answers) + facts.withoutUnit;
  return atMostFew(facts.withoutUnit, all, 'events name no unit', 'see what the log left out of them');
};

const asked: Check = (_policy, { arms, facts }) => {
  const all = total(arms, ({ answers }) => answers) + facts.repeated;
  if (facts.repeated === 0) return { outcome: 'pass', detail: 'each event was answered once' };
  const share = percent(facts.repeated / all);
  return {
    outcome: 'warn',
    detail: `${facts.repeated} answers, ${share}, to an event that was answered before; the first counts`,
  };
};

const checks: readonly (readonly [name: string, check: Check])[] = [
  ['sample-ratio', sampleRatio],
  ['arms', bothArms],
  ['one-arm-each', oneArmEach],
  ['assignment', assignedAsDeclared],
  ['versions', versionsAsDeclared],
  ['labels', labelsAlike],
  ['clocks', oneClock],
  ['units', unitsNamed],
  ['repeats', asked],
];

/** What must hold before a result means anything, the ratio of the units first. Each has a planted defect in its test. */
export function readoutChecks(policy: ExperimentPolicy, evidence: ExperimentEvidence): ReadoutCheck[] {
  return checks.map(([name, check]) => ({ name, ...check(policy, evidence) }));
}
