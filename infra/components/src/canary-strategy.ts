/** One step of a canary as Argo Rollouts names it. */
type CanaryStep = { readonly setWeight: number } | { readonly pause: { readonly duration: string } };

/** The strategy of a Rollout, as far as it is used here. */
export interface CanaryStrategy {
  readonly stableService: string;
  readonly canaryService: string;
  readonly stableMetadata: { readonly labels: Record<string, string> };
  readonly canaryMetadata: { readonly labels: Record<string, string> };
  readonly maxUnavailable: number;
  readonly maxSurge: string;
  readonly steps: readonly CanaryStep[];
}

/**
 * A release as shares of replicas: without a traffic router the share of pods is the share of requests. Each step but the last, which is 100
 * and promotes, is held for `holdS` seconds. No replica is taken away before another is ready.
 */
export function canaryStrategy(model: string, steps: readonly number[], holdS: number): CanaryStrategy {
  return {
    stableService: `${model}-stable`,
    canaryService: `${model}-canary`,
    stableMetadata: { labels: { variant: 'stable' } },
    canaryMetadata: { labels: { variant: 'canary' } },
    maxUnavailable: 0,
    maxSurge: '25%',
    steps: steps
      .filter((share) => share < 100)
      .flatMap((share) => [{ setWeight: share }, { pause: { duration: `${holdS}s` } }]),
  };
}
