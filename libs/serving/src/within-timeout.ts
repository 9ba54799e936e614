import { ServiceError } from '@repo/contract/service-error';
import type { ServedModel } from './served-model.ts';

/**
 * Answers what `work` answers, unless that takes longer than the model's `timeoutMs`: then throws ServiceError deadline_exceeded at once.
 * A run of the model holds the thread, so a timer cannot interrupt it; an answer that comes too late is refused all the same.
 */
export async function withinTimeout<T>(model: ServedModel, work: () => Promise<T>): Promise<T> {
  const timeoutMs = model.contract?.serving.timeoutMs ?? Number.POSITIVE_INFINITY;
  const began = performance.now();
  const late = () => {
    const received = `no answer after ${Math.round(performance.now() - began)} ms`;
    return new ServiceError('deadline_exceeded', {
      path: model.name,
      received,
      allowed: `an answer within ${timeoutMs} ms`,
    });
  };
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(late()), timeoutMs);
  });
  try {
    const answer = await Promise.race([work(), deadline]);
    if (performance.now() - began > timeoutMs) throw late();
    return answer;
  } finally {
    clearTimeout(timer);
  }
}
