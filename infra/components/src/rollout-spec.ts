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
  readonly selector: { readonly matchLabels: Record<string, string> };
  readonly strategy: { readonly canary: CanaryStrategy };
  readonly template: types.input.core.v1.PodTemplateSpec;
}

/** How a Rollout goes about it. */
export interface RolloutSettings extends PodSettings {
  /** Whether something else decides how many replicas there are. */
  readonly scaled: boolean;
  /** Seconds that each step of a canary is held. */
  readonly holdS: number;
}

/** The Rollout of a model: its smallest number of replicas, changed step by step, given up when nothing becomes ready for 10 minutes. */
export function rolloutSpec(model: ModelFacts, settings: RolloutSettings): RolloutSpec {
  return {
    ...(settings.scaled ? {} : { replicas: model.resources.replicas.min }),
    revisionHistoryLimit: 3,
    progressDeadlineSeconds: 600,
    selector: { matchLabels: podSelector(model.name) },
    strategy: { canary: canaryStrategy(model.name, model.release.steps, settings.holdS) },
    template: podTemplate(model, settings),
  };
}
