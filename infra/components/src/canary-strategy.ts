/** A value that Argo Rollouts gives an analysis: the hash of one side's pod template. */
interface HashArgument {
  readonly name: string;
  readonly valueFrom: { readonly podTemplateHashValue: 'Stable' | 'Latest' };
}

/** One step of a canary as Argo Rollouts names it. */
type CanaryStep =
  | { readonly setWeight: number }
  | {
      readonly analysis: {
        readonly templates: readonly { readonly templateName: string }[];
        readonly args: readonly HashArgument[];
      };
    };

/** The strategy of a Rollout, as far as it is used here. */
export interface CanaryStrategy {
  readonly stableService: string;
  readonly canaryService: string;
  readonly stableMetadata: { readonly labels: Record<string, string> };
  readonly canaryMetadata: { readonly labels: Record<string, string> };
  readonly maxUnavailable: number;
  readonly maxSurge: string;
  /** Runs beside the steps, from the moment when the first canaries serve. */
  readonly analysis?: {
    readonly templates: readonly { readonly templateName: string }[];
    readonly startingStep: number;
  };
  readonly steps: readonly CanaryStep[];
}

/** Names of what a model's canary is analysed by. */
export const analysisNames = (model: string) => ({ judge: `${model}-judge`, deadline: `${model}-deadline` });

/**
 * A release as shares of replicas: without a traffic router the share of pods is the share of requests. Each step but the last, which is 100
 * and promotes, is held until the judge lets it pass; the deadline beside them makes what nobody decides wait for a person. No replica is
 * taken away before another is ready.
 */
export function canaryStrategy(model: string, steps: readonly number[]): CanaryStrategy {
  const { judge, deadline } = analysisNames(model);
  const analysis = {
    templates: [{ templateName: judge }],
    args: [
      { name: 'stable-hash', valueFrom: { podTemplateHashValue: 'Stable' } },
      { name: 'canary-hash', valueFrom: { podTemplateHashValue: 'Latest' } },
    ],
  } as const;
  const judged = steps.filter((share) => share < 100);
  return {
    stableService: `${model}-stable`,
    canaryService: `${model}-canary`,
    stableMetadata: { labels: { variant: 'stable' } },
    canaryMetadata: { labels: { variant: 'canary' } },
    maxUnavailable: 0,
    maxSurge: '25%',
    ...(judged.length === 0 ? {} : { analysis: { templates: [{ templateName: deadline }], startingStep: 1 } }),
    steps: judged.flatMap((share) => [{ setWeight: share }, { analysis }]),
  };
}
