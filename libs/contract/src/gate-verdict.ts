import { type GateName, neverWaived } from './gate-name.ts';
import type { Waiver } from './gate-policy.ts';
import { type GateReport, type GateResult, Outcome } from './gate-report.ts';

/** What a report amounts to on a day. */
export interface GateVerdict {
  /** `pass` may be promoted; `inconclusive` may merge, not be promoted; `fail` may do neither. */
  outcome: 'pass' | 'fail' | 'inconclusive';
  /** Gates that decide against the candidate, failures first. */
  blocking: GateResult[];
  /** Waivers that hold on the day and cover a gate that is not good. */
  waived: Waiver[];
  /** Waivers that do not hold, and why: expired, or longer than 30 days ahead. */
  refused: { waiver: Waiver; why: string }[];
}

const dayMs = 86_400_000;
const longestDays = 30;

function whyRefused({ gate, expires }: { gate: GateName; expires: string }, todayMs: number): string | null {
  if ((neverWaived as readonly GateName[]).includes(gate)) return `${gate} is never waived`;
  // The last day counts whole.
  const left = Math.floor((Date.parse(expires) + dayMs - todayMs) / dayMs);
  if (Date.parse(expires) + dayMs <= todayMs) return `expired on ${expires}`;
  return left > longestDays ? `runs until ${expires}: at most ${longestDays} days ahead are allowed` : null;
}

/** Weighs a report on a day (milliseconds since 1970, UTC): waivers are taken into account here and nowhere else, as they depend on the clock. */
export function gateVerdict(report: Pick<GateReport, 'gates' | 'waivers'>, todayMs: number): GateVerdict {
  const refused: GateVerdict['refused'] = [];
  const valid = report.waivers.filter((waiver) => {
    const why = whyRefused(waiver, todayMs);
    if (why !== null) refused.push({ waiver: waiver as Waiver, why });
    return why === null;
  });
  const bad = report.gates.filter(({ outcome }) => outcome === Outcome.fail || outcome === Outcome.inconclusive);
  const isWaived = ({ gate }: GateResult) => valid.some((waiver) => waiver.gate === gate);
  const blocking = bad.filter((result) => !isWaived(result));
  const failures = blocking.filter(({ outcome }) => outcome === Outcome.fail);
  return {
    outcome: failures.length > 0 ? 'fail' : blocking.length > 0 ? 'inconclusive' : 'pass',
    blocking: [...failures, ...blocking.filter(({ outcome }) => outcome !== Outcome.fail)],
    waived: valid.filter(({ gate }) => bad.some((result) => result.gate === gate)) as Waiver[],
    refused,
  };
}
