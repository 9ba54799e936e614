import { type GateCheck, Outcome } from '@repo/contract/gate-report';
import { benjaminiHochberg } from '@repo/stats/benjamini-hochberg';
import { psi } from '@repo/stats/psi';
import { daysOf } from '../by-day.ts';
import { decide, type Limit } from '../decide.ts';
import { chanceOf, countBins, type Drift, driftsOf } from '../drift-of.ts';
import type { Evidence } from '../evidence.ts';
import { exactCheck } from '../exact-check.ts';
import type { Gate } from '../gate.ts';
import { judgedCheck } from '../judged-check.ts';
import { limitOf } from '../limit-of.ts';
import { makeCheck } from '../make-check.ts';
import { type BinnedFeature, binAnswers, binFeatures } from '../profile-bins.ts';

/** Share of false findings among what is called drifted. */
const falseShare = 0.05;

/** A drift fails when it is both material, by its whole interval, and more than chance (Benjamini-Hochberg over all that is looked at). */
function driftCheck(drift: Drift, q: number, limit: Limit): GateCheck {
  const outcome = decide(drift, limit);
  return judgedCheck({
    name: drift.name,
    interval: drift,
    limit,
    outcome: outcome === Outcome.fail && q > falseShare ? Outcome.inconclusive : outcome,
    unit: 'PSI',
    found: 'Test rows against the training rows of the candidate.',
    todo: 'The model is asked about rows unlike those it learned from: look for changed units or codes, else train on later rows.',
  });
}

function testDrift(evidence: Evidence): GateCheck[] {
  const { candidate } = evidence;
  const days = daysOf(candidate.test);
  const features = binFeatures(candidate.profile, candidate.contract, candidate.test);
  const answers = binAnswers(candidate.profile, candidate.answers);
  const [ofAnswers, ...ofFeatures] = driftsOf([answers, ...features], days) as [Drift, ...Drift[]];
  const drifts = [ofAnswers, ...ofFeatures.sort((a, b) => b.estimate - a.estimate)];
  const q = benjaminiHochberg(drifts.map(({ pValue }) => pValue));
  const limits = { answers: limitOf(evidence, 'answerDrift'), features: limitOf(evidence, 'featureDrift') };
  return drifts.map((drift, i) => driftCheck(drift, q[i] as number, i === 0 ? limits.answers : limits.features));
}

/** The feature of training rows that is furthest from a profile, chance taken off: no season stands between these. */
function furthest(features: readonly BinnedFeature[]): { name: string; value: number } {
  const [first = { name: 'no feature', value: 0 }] = features
    .map((feature) => {
      const current = countBins(feature);
      const value = Math.max(0, psi(feature.reference, current) - chanceOf(feature, current).noise);
      return { name: feature.name, value };
    })
    .sort((a, b) => b.value - a.value);
  return first;
}

/** Training rows as this checkout makes them against what the candidate says it learned from, and against what the champion learned from. */
function profileChecks(evidence: Evidence): GateCheck[] {
  const { candidate, champion, tables } = evidence;
  const limit = limitOf(evidence, 'profileDrift');
  const own = furthest(binFeatures(candidate.profile, candidate.contract, tables.train));
  const ownCheck = exactCheck({
    name: "training rows against the candidate's profile",
    value: own.value,
    limit,
    unit: 'PSI',
    found: `Furthest off is ${own.name}.`,
    todo: 'The candidate learned from other values than this checkout makes of the same events: look for a transformation or unit that is applied in one place only.',
  });
  const name = "training rows against the champion's profile";
  if (champion === null)
    return [ownCheck, makeCheck(name, Outcome.notApplicable, { limit, detail: 'There is no champion yet.' })];
  const other = furthest(binFeatures(champion.profile, candidate.contract, tables.train));
  return [
    ownCheck,
    exactCheck({
      name,
      value: other.value,
      limit,
      unit: 'PSI',
      found: `Furthest off is ${other.name}.`,
      todo: 'What the model learns from changed since the champion: look for changed units, codes or views.',
    }),
  ];
}

/** Whether the rows that the candidate is measured on, and those it learned from, look like what they should. */
export const referenceDrift: Gate = {
  name: 'reference-drift',
  run: (evidence) => [...testDrift(evidence), ...profileChecks(evidence)],
};
