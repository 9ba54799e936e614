import type { Tags } from './naming.ts';
import type { Stack } from './stack.ts';

/** What every component of AWS is told. */
export interface StackArgs {
  /** Part of every name, so that two stacks may share an account. Says also whether things are kept from deletion: see `isProtected`. */
  readonly stack: Stack;
  /** What each resource is tagged with; see `tagsOf`. */
  readonly tags: Tags;
}
