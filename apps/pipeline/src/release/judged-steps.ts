import type { AnalysisRunObject, RolloutObject } from './release-objects.ts';

/** Label of Argo Rollouts that tells the analysis of a step from the one beside the steps. */
const typeLabel = 'rollout-type';

/** Whether an analysis is that of a step, and not the one beside the steps. */
export const isStep = ({ metadata }: AnalysisRunObject): boolean => metadata.labels?.[typeLabel] === 'Step';

/** Whether an analysis was ended by somebody: in good health, and with these words. */
export const isTerminated = ({ status }: AnalysisRunObject): boolean => /terminat/i.test(status?.message ?? '');

/** Whether the judge itself let a step pass. */
export const isPassedStep = (run: AnalysisRunObject): boolean =>
  isStep(run) && run.status?.phase === 'Successful' && !isTerminated(run);

/** Steps that the judge decides. */
export const judgedSteps = ({ spec }: RolloutObject): number =>
  (spec.strategy?.canary?.steps ?? []).filter(({ analysis }) => analysis !== undefined).length;
