import type { Task } from '@repo/contract/task';

/** Probabilities are cut here, as the gates do: one of 0 for what happened would be infinitely wrong. */
const leastProbability = 1e-15;
const logOf = (probability: string): string => `-ln(greatest(${probability}, ${leastProbability}))`;

/**
 * SQL of the loss of a row of `outcomes`, null while its label or its answer is not known: log-loss in nats, or the absolute error.
 * greatest() passes over a null, which here must stay one.
 */
export const lossSql: Readonly<Record<Task, string>> = {
  binary: `CASE WHEN probability IS NULL THEN NULL WHEN label = 1 THEN ${logOf('probability')} WHEN label = 0 THEN ${logOf('1 - probability')} END`,
  regression: 'abs(prediction - label)',
};
