import { InputError, show } from '@repo/contract/input-error';

/** How often a model may be paged for nothing. */
export interface DriftBudget {
  /** Expected false pages of a model in 30 days. Default 1. */
  readonly falsePages?: number;
  /** Windows that close in 30 days. Default: as many as of the length of the newest have room. */
  readonly windows?: number;
}

/**
 * The p-value that a window must be under to page, for a model with so many tests in each: the budget shared out evenly. A page asks for two
 * windows running, which is not counted on here: days that follow each other are alike.
 * Throws InputError for a budget, windows or tests that are not above 0.
 */
export function alphaOf(
  tests: number,
  { falsePages = 1, windows }: Required<Pick<DriftBudget, 'windows'>> & DriftBudget,
): number {
  for (const [path, value] of Object.entries({ tests, falsePages, windows }))
    if (!(value > 0))
      throw new InputError({ path, received: show(value), allowed: 'a number above 0', action: 'correct the budget' });
  return Math.min(0.05, falsePages / windows / tests);
}
