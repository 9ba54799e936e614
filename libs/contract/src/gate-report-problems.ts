import { type GateName, gateNames, nightlyGates } from './gate-name.ts';
import { type GateReport, type GateResult, Outcome } from './gate-report.ts';
import type { Problem } from './input-error.ts';

/** From good to bad. */
const ranks: readonly Outcome[] = [
  Outcome.notApplicable,
  Outcome.pass,
  Outcome.warn,
  Outcome.inconclusive,
  Outcome.fail,
];

/** A gate is as bad as its worst check; one without any says nothing. */
function whyContradictory({ gate, outcome, checks }: GateResult): Problem[] {
  const worst = ranks[Math.max(0, ...checks.map((check) => ranks.indexOf(check.outcome)))];
  if (outcome === worst) return [];
  const received = `${outcome}, though the worst of ${checks.length} checks is ${worst}`;
  return [
    {
      path: `gate ${gate}`,
      received,
      allowed: worst as string,
      action: 'run the gates again; a report is never edited',
    },
  ];
}

/**
 * What makes a report of the right form unbelievable: a gate that is asked twice or not at all (those of the night aside), and one that says
 * otherwise than its checks. A verdict may be built on a report that has no such problem.
 */
export function gateReportProblems({ gates }: GateReport): Problem[] {
  const counted = (name: GateName) => gates.filter(({ gate }) => gate === name).length;
  const isNightly = (name: GateName) => (nightlyGates as readonly GateName[]).includes(name);
  const miscounted = gateNames.filter((name) => counted(name) > 1 || (counted(name) === 0 && !isNightly(name)));
  return [
    ...miscounted.map((name) => ({
      path: `gate ${name}`,
      received: counted(name) === 0 ? 'no answer' : `${counted(name)} answers`,
      allowed: 'one',
      action: 'run the gates again',
    })),
    ...gates.flatMap(whyContradictory),
  ];
}
