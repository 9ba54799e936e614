import type { GateCheck } from '@repo/contract/gate-report';
import { bootstrapMany } from '@repo/stats/bootstrap-many';
import { combinedStatistic } from '@repo/stats/combined-statistic';
import type { PairedStatistic } from '@repo/stats/paired-bootstrap';
import type { FeatureTable, FeatureTables } from '@repo/training/feature-table';
import { rowMajor } from '@repo/training/row-major';
import { byDay, daysOf } from '../by-day.ts';
import type { Evidence } from '../evidence.ts';
import { exactCheck } from '../exact-check.ts';
import type { Gate } from '../gate.ts';
import { judgedCheck } from '../judged-check.ts';
import { limitOf } from '../limit-of.ts';
import { oncePer } from '../once-per.ts';
import { outOfFoldSkill } from '../out-of-fold-skill.ts';
import { type AgainstPrior, againstPrior } from '../own-prior.ts';
import { primaryMetric } from '../primary-metric.ts';
import { repeatedRows } from '../repeated-rows.ts';
import { rowLossOf } from '../row-loss.ts';
import { singleFeatureChecks } from '../single-feature-checks.ts';
import { skillStatistic } from '../skill-statistic.ts';

/** The least skill that others are divided by: a model of none has any gap. */
const leastSkill = 1e-3;

/** "Skill of some rows over the skill on the test rows". */
const overTest = (skill: PairedStatistic, test: PairedStatistic): PairedStatistic =>
  combinedStatistic(skill, test, (other, own) => other / Math.max(own, leastSkill));

const constant =
  (value: number): PairedStatistic =>
  () =>
  () =>
    value;

const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Losses of a split's rows by the candidate and by the split's own prior. */
async function lossesOf({ model, candidate }: Evidence, { matrix }: FeatureTable): Promise<AgainstPrior> {
  const answers = await candidate.scorer.score(rowMajor(matrix.columns, matrix.rows), matrix.rows);
  return againstPrior(rowLossOf(model.task, primaryMetric(model)), matrix.labels, answers);
}

/** What the model should be worth by rows that it did not learn its trees from, beside what it is worth on the test rows. */
async function gapCheck(evidence: Evidence, test: AgainstPrior): Promise<GateCheck> {
  const { validate, test: table } = evidence.tables;
  const known = outOfFoldSkill(evidence);
  const judged = {
    limit: limitOf(evidence, 'skillGap'),
    todo: 'The model promises more than it keeps: look for features that know the future in training rows, and for what changed since.',
  };
  const less1 = (ratio: PairedStatistic) => combinedStatistic(ratio, ratio, (value) => value - 1);
  if (known !== null) {
    const gap = less1(overTest(constant(known), skillStatistic(test.losses, test.priorLosses)));
    return judgedCheck({
      ...judged,
      name: 'skill out of fold over skill on test rows',
      interval: bootstrapMany(byDay(daysOf(table)), { gap }).gap,
      found: `Less 1. Out of fold the skill is ${known.toFixed(4)}, each split against its own prior.`,
    });
  }
  const held = await lossesOf(evidence, validate);
  const both = {
    losses: Float64Array.of(...held.losses, ...test.losses),
    priorLosses: Float64Array.of(...held.priorLosses, ...test.priorLosses),
  };
  const isHeld = both.losses.map((_, row) => Number(row < held.losses.length));
  const isTest = isHeld.map((member) => 1 - member);
  const skill = (among: Float64Array) => skillStatistic(both.losses, both.priorLosses, among);
  const days = Int32Array.of(...daysOf(validate), ...daysOf(table));
  return judgedCheck({
    ...judged,
    name: 'skill on validation rows over skill on test rows',
    interval: bootstrapMany(byDay(days), { gap: less1(overTest(skill(isHeld), skill(isTest))) }).gap,
    found: 'Less 1, each split against its own prior; the trainer says nothing of rows out of fold.',
  });
}

/** A model that knows its training rows by heart is good on them alone. */
async function memoryCheck(evidence: Evidence, test: AgainstPrior): Promise<GateCheck> {
  const { losses, priorLosses } = await lossesOf(evidence, evidence.tables.train);
  const skill = 1 - mean(losses) / mean(priorLosses);
  const ratio = overTest(constant(skill), skillStatistic(test.losses, test.priorLosses));
  return judgedCheck({
    name: 'skill on training rows over skill on test rows',
    interval: bootstrapMany(byDay(daysOf(evidence.tables.test)), { ratio }).ratio,
    limit: limitOf(evidence, 'memorisedSkill'),
    found: `On training rows the skill is ${skill.toFixed(4)}, each split against its own prior.`,
    todo: 'The model learned its rows by heart: fewer rounds or leaves, more rows to a leaf.',
  });
}

/** Test rows that training has too. */
const repeatedIn = oncePer(({ train, test }: FeatureTables) => repeatedRows(test.matrix, train.matrix));

/** Whether the candidate promises more than it keeps, or knows what it should not. */
export const overfitAndLeakage: Gate = {
  name: 'overfit-and-leakage',
  async run(evidence) {
    const { model, candidate, tables } = evidence;
    const loss = rowLossOf(model.task, primaryMetric(model));
    const test = againstPrior(loss, tables.test.matrix.labels, candidate.answers);
    const repeated = repeatedIn(tables);
    return [
      await gapCheck(evidence, test),
      await memoryCheck(evidence, test),
      ...singleFeatureChecks(evidence),
      exactCheck({
        name: 'test rows repeated from training',
        value: repeated / tables.test.matrix.rows,
        limit: limitOf(evidence, 'duplicateShare'),
        found: `${repeated} test rows have every feature and the label of a training row.`,
        todo: 'Take repeated events out of the source: what was learned by heart is no test.',
      }),
    ];
  },
};
