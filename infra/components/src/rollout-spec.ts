import type { types } from '@pulumi/kubernetes';
import { type CanaryStrategy, canaryStrategy } from './canary-strategy.ts';
import type { ModelFacts } from './model-facts.ts';
import { type PodSettings, podSelector, podTemplate } from './pod-template.ts';

/** Spec of an Argo Rollout, as far as it is used here. */
export interface RolloutSpec {
  /** Left out where an autoscaler decides. */
  readonly replicas?: number;
  readonly revisionHistoryLimit: number;
  readonly progressDeadlineSeconds: number;
  /** A canary that comes no further by then is rolled back. */
  readonly progressDeadlineAbort: boolean;
  readonly selector: { readonly matchLabels: Record<string, string> };
  readonly strategy: { readonly canary: CanaryStrategy };
  readonly template: types.input.core.v1.PodTemplateSpec;
}

/** How a Rollout goes about it. */
export interface RolloutSettings extends PodSettings {
  /** Whether something else decides how many replicas there are. */
  readonly scaled: boolean;
  /** Seconds without a further pod that is ready, after which the Rollout is given up. */
  readonly patienceS: number;
}

/** The Rollout of a model: its smallest number of replicas, changed step by step, rolled back when nothing becomes ready any more. */
export function rolloutSpec(model: ModelFacts, settings: RolloutSettings): RolloutSpec {
  return {
    ...(settings.scaled ? {} : { replicas: model.resources.replicas.min }),
    revisionHistoryLimit: 3,
    progressDeadlineSeconds: settings.patienceS,
    progressDeadlineAbort: true,
    selector: { matchLabels: podSelector(model.name) },
    strategy: { canary: canaryStrategy(model.name, model.release.steps) },
    template: podTemplate(model, settings),
  };
}
