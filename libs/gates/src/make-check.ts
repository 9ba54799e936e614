import type { GateCheck, Outcome } from '@repo/contract/gate-report';

/** A check of the report; what is not given is nothing: no number, no interval, no limit, no unit. */
export function makeCheck(
  name: string,
  outcome: Outcome,
  facts: Pick<GateCheck, 'detail'> & Partial<Omit<GateCheck, 'name' | 'outcome'>>,
): GateCheck {
  return { name, outcome, value: null, interval: null, limit: null, unit: '', ...facts };
}
