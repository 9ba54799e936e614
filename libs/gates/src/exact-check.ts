import { type GateCheck, Outcome } from '@repo/contract/gate-report';

/** Longest text of a report. */
const longest = 2000;
const cut = (text: string) => (text.length > longest ? `${text.slice(0, longest - 3)}...` : text);

function check(name: string, outcome: Outcome, detail: string): GateCheck {
  return { name: cut(name), outcome, value: null, interval: null, limit: null, unit: '', detail: cut(detail) };
}

/** A check that is no comparison of numbers: it passes or fails, and says what was found and what to do about it. */
export const exactCheck = (name: string, isGood: boolean, detail: string): GateCheck =>
  check(name, isGood ? Outcome.pass : Outcome.fail, detail);

/** A check that passes, and yet tells of something that a person should know. */
export const warnCheck = (name: string, detail: string): GateCheck => check(name, Outcome.warn, detail);

/** A check that has nothing to look at here, and says why. */
export const idleCheck = (name: string, why: string): GateCheck => check(name, Outcome.notApplicable, why);
