import type * as kubernetes from '@pulumi/kubernetes';
import type * as pulumi from '@pulumi/pulumi';
import { CanaryJudge, type CanaryJudgeArgs } from '@repo/components/canary-judge';
import { JudgeTokens, judgeSecret } from '@repo/components/judge-tokens';
import { judgeUrl } from '@repo/components/judge-url';
import { ReleaseClock } from '@repo/components/release-clock';

/** What a stack says of its judge. */
interface Wanted {
  readonly namespace: pulumi.Output<string>;
  /** Where one answers that runs elsewhere; undefined: one is to run here. */
  readonly judgeUrl?: string | undefined;
  readonly clusterUrl: string;
  readonly provider: kubernetes.Provider;
}

/** The tokens around the judge of a stack and the clock beside it, where Argo Rollouts reaches it, and how to stand it up where none runs elsewhere. */
export function judgeOf({ namespace, judgeUrl: elsewhere, clusterUrl, provider }: Wanted) {
  const options = { providers: [provider] };
  const tokens = new JudgeTokens('judge', { namespace }, options);
  new ReleaseClock('release-clock', { namespace }, options);
  const tokenSecret = { name: judgeSecret.name, key: judgeSecret.askJudge };
  return {
    reference: namespace.apply((space) => ({ url: elsewhere ?? judgeUrl(space), tokenSecret, clusterUrl })),
    adminTokenSha256: tokens.readPredictionsSha256,
    standUp: (args: Omit<CanaryJudgeArgs, 'namespace' | 'askJudgeSha256'>): void => {
      if (elsewhere !== undefined) return;
      new CanaryJudge('judge', { ...args, namespace, askJudgeSha256: tokens.askJudgeSha256 }, options);
    },
  };
}
