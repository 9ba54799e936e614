import { type GateCheck, Outcome } from '@repo/contract/gate-report';

const worstFirst = [Outcome.fail, Outcome.inconclusive, Outcome.warn, Outcome.pass, Outcome.notApplicable];

/** Whole numbers as they are, others to four digits. */
const figure = (x: number) => (Number.isInteger(x) ? `${x}` : `${Number(x.toPrecision(4))}`);

function inOneSentence({ name, outcome, value, interval, limit, unit, detail }: GateCheck): string {
  if (value === null) return `${name}: ${detail}`;
  const after = unit === '' ? '' : ` ${unit}`;
  const range = interval === null ? '' : ` (${figure(interval[0])} to ${figure(interval[1])})`;
  const asked = limit === null ? '' : `, ${limit.good} ${figure(limit.at)}`;
  const said = outcome === Outcome.pass ? '' : `: ${detail}`;
  return `${name} ${figure(value)}${after}${range}${asked}${said}`;
}

/** The outcome of a gate: that of its worst check. No check at all, or none that applies, is not applicable. */
export function worstOf(checks: readonly GateCheck[]): Outcome {
  return worstFirst.find((outcome) => checks.some((check) => check.outcome === outcome)) ?? Outcome.notApplicable;
}

/** What a gate found, for one cell of a table: its first worst check, and how many others are as bad. */
export function summaryOf(checks: readonly GateCheck[]): string {
  const outcome = worstOf(checks);
  const [first, ...others] = checks.filter((check) => check.outcome === outcome);
  if (first === undefined) return 'Nothing to check.';
  const sentence = inOneSentence(first);
  if (others.length === 0) return sentence;
  return `${sentence}${sentence.endsWith('.') ? '' : '.'} ${others.length} more of ${checks.length} checks: ${outcome}.`;
}
