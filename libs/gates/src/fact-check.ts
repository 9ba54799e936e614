import { type GateCheck, Outcome } from '@repo/contract/gate-report';
import { makeCheck } from './make-check.ts';

/** A check that is no comparison of numbers: something holds or it does not. Says what was found, and what to do where it is not good. */
export const factCheck = (name: string, holds: boolean, detail: string): GateCheck =>
  makeCheck(name, holds ? Outcome.pass : Outcome.fail, { detail });
