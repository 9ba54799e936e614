import { ServiceError } from '@repo/contract/service-error';

/**
 * Answers what `work` answers, unless that takes longer than `budgetMs`: then throws ServiceError deadline_exceeded at once, about `path`.
 * Work that holds the thread cannot be interrupted; an answer that comes too late is refused all the same.
 */
export async function withinBudget<T>(path: string, budgetMs: number, work: () => Promise<T>): Promise<T> {
  const began = performance.now();
  const late = () => {
    const received = `no answer after ${Math.round(performance.now() - began)} ms`;
    const allowed = `an answer within ${Math.round(budgetMs)} ms`;
    return new ServiceError('deadline_exceeded', { path, received, allowed });
  };
  if (budgetMs <= 0) throw late();
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(late()), budgetMs);
  });
  try {
    const answer = await Promise.race([work(), deadline]);
    if (performance.now() - began > budgetMs) throw late();
    return answer;
  } finally {
    clearTimeout(timer);
  }
}
