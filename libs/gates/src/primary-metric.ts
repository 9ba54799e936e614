import type { GateMetric } from '@repo/contract/gate-policy';
import { taskMetrics } from '@repo/contract/gate-policy';
import type { Model } from '@repo/contract/model';

/** The metric that decides between candidate and champion: the definition's, or the first of its task. */
export const primaryMetric = ({ task, gates }: Pick<Model, 'task' | 'gates'>): GateMetric =>
  gates.primary ?? taskMetrics[task][0];
