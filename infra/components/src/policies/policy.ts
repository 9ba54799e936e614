import type { Stack } from '../stack.ts';
import type { DeclaredResource } from './declared-resource.ts';

/** All that a program declares for a stack. */
export interface Declared {
  readonly program: string;
  readonly stack: Stack;
  readonly resources: readonly DeclaredResource[];
}

/** One thing that is wrong with a resource. */
export interface Finding {
  readonly resource: DeclaredResource;
  /** What stands there and what to do, in one line. */
  readonly problem: string;
}

/** A rule over what a program declares: no I/O, no clock, the same answer for the same declaration. */
export interface Policy {
  /** As suppressions and reports call it. */
  readonly name: string;
  /** What it asks for, in one sentence. */
  readonly demands: string;
  check(declared: Declared): readonly Finding[];
}
