import type { Model } from '@repo/contract/model';

/** What of a model definition its alerts and dashboards are derived from. */
export type WatchedModel = Pick<Model, 'name' | 'question' | 'task' | 'monitoring'> & {
  readonly serving: Pick<Model['serving'], 'timeoutMs' | 'fallback'>;
  /** Default: none. */
  readonly experiment?: Pick<NonNullable<Model['experiment']>, 'shadow'> | undefined;
  readonly release: Pick<Model['release'], 'steps' | 'deadline'>;
};
