import { type GateCheck, type GateResult, Outcome } from '@repo/contract/gate-report';
import type { Evidence } from './evidence.ts';
import type { Gate } from './gate.ts';
import { makeCheck } from './make-check.ts';
import { summaryOf, worstOf } from './summary-of.ts';
import { TooFewDays } from './too-few-days.ts';
import { unmatchedLimits } from './unmatched-limits.ts';

/** Bounds of the report's schema, so that no name from the data makes a report impossible to write. */
const longestText = 2000;
const mostChecks = 500;

const cut = (text: string) => (text.length <= longestText ? text : `${text.slice(0, longestText - 3)}...`);
/** -0 is no other number for who reads a report. */
const plain = (x: number) => (x === 0 ? 0 : x);

/** A number that is not finite cannot be weighed, nor written: its check fails, whatever the gate made of it. */
function tidy(check: GateCheck): GateCheck {
  const { outcome, value, interval, limit } = check;
  const numbers = [value, ...(interval ?? []), limit?.at ?? null].filter((x) => x !== null);
  const clean = { ...check, name: cut(check.name), detail: cut(check.detail) };
  if (numbers.every(Number.isFinite)) {
    const range: GateCheck['interval'] = interval === null ? null : [plain(interval[0]), plain(interval[1])];
    return { ...clean, value: value === null ? null : plain(value), interval: range };
  }
  return {
    ...clean,
    outcome: outcome === Outcome.notApplicable ? outcome : Outcome.fail,
    value: Number.isFinite(value) ? value : null,
    interval: null,
    limit: Number.isFinite(limit?.at) ? limit : null,
    detail: cut(`Not a finite number (${numbers.join(', ')}). ${check.detail}`),
  };
}

/** Keeps the worst checks where there are more than a report holds, and says how many it left out. */
function bounded(checks: GateCheck[]): GateCheck[] {
  if (checks.length <= mostChecks) return checks;
  const good = (check: GateCheck) => worstOf([check]) === Outcome.pass || worstOf([check]) === Outcome.notApplicable;
  const kept = new Set([...checks.filter((c) => !good(c)), ...checks.filter(good)].slice(0, mostChecks - 1));
  const left = checks.filter((check) => !kept.has(check));
  const detail = `${left.length} checks are left out, as a report holds ${mostChecks}.`;
  return [...checks.filter((check) => kept.has(check)), makeCheck('others', worstOf(left), { detail })];
}

async function checksOf(gate: Gate, evidence: Evidence): Promise<GateCheck[]> {
  const { failure } = evidence.candidate;
  if (failure !== null && gate.onFiles !== true)
    return [
      makeCheck('answers', Outcome.notApplicable, { detail: `There are none, as the model cannot be run: ${failure}` }),
    ];
  try {
    const checks = await gate.run(evidence);
    return [...checks, ...unmatchedLimits(evidence, gate.name, checks)];
  } catch (error) {
    if (error instanceof TooFewDays) return [makeCheck('days', Outcome.inconclusive, { detail: error.message })];
    const message = error instanceof Error ? error.message : String(error);
    return [makeCheck('error', Outcome.fail, { detail: `The gate could not finish: ${message}` })];
  }
}

/**
 * Runs one gate. What it throws (but that the days are too few to tell), and a number that is not finite, is a failing check; the outcome is that of the worst check. A gate that
 * needs answers is not applicable to a candidate that gives none: artifact-contract says why.
 */
export async function runGate(gate: Gate, evidence: Evidence): Promise<GateResult> {
  const checks = bounded((await checksOf(gate, evidence)).map(tidy));
  return { gate: gate.name, outcome: worstOf(checks), summary: cut(summaryOf(checks)), checks };
}
