import type { GateCheck, GateReport, GateResult } from '@repo/contract/gate-report';
import { Outcome } from '@repo/contract/gate-report';
import type { GateVerdict } from '@repo/contract/gate-verdict';
import { outcomeLooks } from './outcome-look.ts';

/** A check and the gate that made it. */
export interface CheckRow {
  gate: GateResult['gate'];
  check: GateCheck;
}

const rankOf = ({ outcome }: { outcome: Outcome }): number => outcomeLooks[outcome].rank;
const isGood = ({ outcome }: GateResult): boolean => outcome === Outcome.pass || outcome === Outcome.notApplicable;

/** How a gate counts on the day: `waived` where its outcome does not block because of a waiver. */
export const isWaived = ({ waived }: GateVerdict, { gate }: GateResult): boolean =>
  waived.some((waiver) => waiver.gate === gate);

/** The gates that are not good: those that block first, then those waived, then warnings. */
export function notGoodGates(report: GateReport, verdict: GateVerdict): GateResult[] {
  const blocking = new Set(verdict.blocking.map(({ gate }) => gate));
  const rest = report.gates.filter((result) => !isGood(result) && !blocking.has(result.gate));
  return [...verdict.blocking, ...rest.toSorted((a, b) => rankOf(a) - rankOf(b))];
}

/** All checks, worst outcome first, equals in the order of the gates. */
export const checksWorstFirst = (report: GateReport): CheckRow[] =>
  report.gates
    .flatMap(({ gate, checks }) => checks.map((check) => ({ gate, check })))
    .toSorted((a, b) => rankOf(a.check) - rankOf(b.check));

/** How far a check lies on the bad side of its limit, in limits; negative on the good side. */
function excess({ value, limit }: GateCheck): number {
  if (value === null || limit === null) return Number.NEGATIVE_INFINITY;
  const beyond = limit.good === 'at most' ? value - limit.at : limit.at - value;
  return beyond / (Math.abs(limit.at) || 1);
}

/** Checks of a gate that compare a number with a limit, the worst first; at most `count`. */
export function worstMeasured(report: GateReport, gate: GateResult['gate'], count: number): GateCheck[] {
  const checks = report.gates.find((result) => result.gate === gate)?.checks ?? [];
  return checks
    .filter(({ value, limit }) => value !== null && limit !== null)
    .toSorted((a, b) => rankOf(a) - rankOf(b) || excess(b) - excess(a))
    .slice(0, count);
}

/** How many gates came out how: `18 gates: 1 fail, 16 pass, 1 not applicable.` */
export function gateCounts({ gates }: GateReport): string {
  const looks = Object.entries(outcomeLooks).map(([outcome, { word }]) => ({
    word,
    count: gates.filter((result) => result.outcome === outcome).length,
  }));
  const counts = looks.filter(({ count }) => count > 0).map(({ word, count }) => `${count} ${word}`);
  return `${gates.length} gates: ${counts.join(', ')}.`;
}

/** A gate's checks that are not good, the worst first. */
export const notGoodChecks = ({ checks }: GateResult): GateCheck[] =>
  checks
    .filter(({ outcome }) => outcome !== Outcome.pass && outcome !== Outcome.notApplicable)
    .toSorted((a, b) => rankOf(a) - rankOf(b));

/** A digest as people compare it: its first 12 digits. */
export const shortDigest = (digest: string): string => digest.slice(0, 'sha256:'.length + 12);
