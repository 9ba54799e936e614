import { ServiceError } from '@repo/contract/service-error';
import type { FallbackLevel } from '@repo/contract/serving-policy';
import { CallerLeft } from '../caller-left.ts';
import type { ServedModel } from '../served-model.ts';
import type { Budget } from './budget.ts';
import { type LevelFailure, levelFailure } from './level-failure.ts';
import { type Level, type LevelAnswer, type Question, runsModel } from './levels.ts';

/** The first answer that was to be had, who gave it, and who did not. */
export interface FirstAnswer extends LevelAnswer {
  readonly level: FallbackLevel;
  readonly failures: readonly LevelFailure[];
}

/** No level answered: with one level its own error, with more ServiceError no_answer, which names why each did not. */
function noAnswer(model: ServedModel, failures: readonly LevelFailure[]): unknown {
  if (failures.length === 1) return failures[0]?.error;
  const received = failures.map(({ level, why }) => `${level}: ${why}`).join(', ');
  const causes = failures.map(({ error }) => error);
  return new ServiceError(
    'no_answer',
    { path: model.name, received, retryAfterSeconds: model.retryAfterSeconds() },
    new AggregateError(causes, received),
  );
}

/**
 * Asks levels one after the other until one answers; each gets a part of what is left of the budget. Throws ServiceError no_answer, the
 * error of the only level, or CallerLeft: nobody waits then.
 */
export async function askInTurn(
  model: ServedModel,
  levels: readonly (readonly [FallbackLevel, Level])[],
  question: Question,
  budget: Budget,
): Promise<FirstAnswer> {
  const failures: LevelFailure[] = [];
  for (const [i, [level, ask]] of levels.entries()) {
    const modelsAfter = levels.slice(i + 1).filter(([later]) => runsModel(later)).length;
    try {
      return { ...(await ask(question, budget.levelMs(modelsAfter))), level, failures };
    } catch (error) {
      if (error instanceof CallerLeft) throw error;
      failures.push(levelFailure(level, error));
    }
  }
  throw noAnswer(model, failures);
}
