import type { FallbackLevel } from '@repo/contract/serving-policy';
import type { Blame } from './blame.ts';
import { createBreaker } from './breaker.ts';
import type { Level } from './levels.ts';
import { checkOutput, createConstantGuard, OutputGuard, RefusedOutput } from './output-guard.ts';
import { withinBudget } from './within-budget.ts';

/** Hears what becomes of a level. */
export interface LevelObserver {
  guardTripped(level: FallbackLevel, guard: OutputGuard): void;
  breakerChanged(level: FallbackLevel, open: boolean): void;
}

/**
 * A level that keeps to its budget and answers only what its contract allows, watched for answers that never change. Behind a breaker when
 * others can answer in its place; the only level is asked every time, as nothing is won by not asking. `blame` judges by the row of the
 * model that the chain belongs to.
 */
export function guardLevel(
  name: FallbackLevel,
  level: Level,
  alone: boolean,
  blame: Blame,
  observer: LevelObserver,
): Level {
  const watch = createConstantGuard(() => observer.guardTripped(name, OutputGuard.constant));
  const guarded: Level = async (question, budgetMs) => {
    const answer = await withinBudget(name, budgetMs, () => level(question, budgetMs));
    try {
      checkOutput(answer.model.contract, answer.value);
    } catch (error) {
      if (error instanceof RefusedOutput) observer.guardTripped(name, error.guard);
      throw error;
    }
    watch(answer.codes, answer.value);
    return answer;
  };
  if (alone) return guarded;
  const breaker = createBreaker((open) => observer.breakerChanged(name, open), blame.isFailure);
  const blamed: Level = async (question, budgetMs) => {
    try {
      return await guarded(question, budgetMs);
    } catch (error) {
      blame.hear(error, question.row);
      throw error;
    }
  };
  // What there is no time to ask has not failed: after a stall of the event loop every breaker would open otherwise.
  return (question, budgetMs) =>
    budgetMs > 0 ? breaker.run(() => blamed(question, budgetMs)) : guarded(question, budgetMs);
}
