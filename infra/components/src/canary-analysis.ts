import type { ModelFacts } from './model-facts.ts';
import { clockSecret } from './release-clock.ts';

/** Where Argo Rollouts asks for a judgement. */
export interface JudgeReference {
  /** Base URL of the judge, as the controller reaches it. */
  readonly url: string;
  /** Secret with the token that it sends, and the key of it. */
  readonly tokenSecret: { readonly name: string; readonly key: string };
  /** The cluster's own API, as the controller reaches it. */
  readonly clusterUrl: string;
}

/** Seconds that a look may take before it counts as none; the judge itself gives up earlier. */
const lookTimeoutS = 20;

/** More than there will ever be looks. */
const never = 1_000_000;

/**
 * Spec of the AnalysisTemplate that asks the judge: one `pass` ends it well, one `fail` rolls the canary back. Anything else goes on looking,
 * a judge that does not answer included: without a limit of its own, Argo Rollouts would take five silences for a failure.
 */
export function judgeAnalysis({ name, release }: ModelFacts, { url, tokenSecret }: JudgeReference) {
  const question = 'stable={{args.stable-hash}}&canary={{args.canary-hash}}';
  return {
    args: [
      { name: 'stable-hash' },
      { name: 'canary-hash' },
      { name: 'token', valueFrom: { secretKeyRef: tokenSecret } },
    ],
    metrics: [
      {
        name: 'judge',
        initialDelay: release.look,
        interval: release.look,
        // The controller refuses an analysis of a step that has no end.
        count: never,
        successCondition: 'result.verdict == "pass"',
        failureCondition: 'result.verdict == "fail"',
        consecutiveSuccessLimit: 1,
        failureLimit: 0,
        inconclusiveLimit: never,
        consecutiveErrorLimit: never,
        provider: {
          web: {
            url: `${url}/judgements/${name}?${question}`,
            headers: [{ key: 'Authorization', value: 'Bearer {{args.token}}' }],
            timeoutSeconds: lookTimeoutS,
            jsonPath: '{$}',
          },
        },
      },
    ],
  };
}

/**
 * Spec of the AnalysisTemplate that ends the wait: at the deadline it is inconclusive, which makes Argo Rollouts pause the canary for a person.
 * It must not hang on the judge or on Prometheus, whose absence is what it is for, so it asks the API that the controller works with anyway, and
 * what that answers counts for nothing. It has to be an answer, though: one that is refused is asked for again, and again. Hence the token, as
 * a cluster need not answer those who have none.
 */
export function deadlineAnalysis({ release }: ModelFacts, { clusterUrl }: JudgeReference) {
  return {
    args: [{ name: 'token', valueFrom: { secretKeyRef: clockSecret } }],
    metrics: [
      {
        name: 'deadline',
        initialDelay: release.deadline,
        count: 1,
        successCondition: 'false',
        failureCondition: 'false',
        failureLimit: 0,
        inconclusiveLimit: 0,
        consecutiveErrorLimit: never,
        provider: {
          web: {
            url: `${clusterUrl}/version`,
            headers: [{ key: 'Authorization', value: 'Bearer {{args.token}}' }],
            ...{ insecure: true, timeoutSeconds: 10, jsonPath: '{$}' },
          },
        },
      },
    ],
  };
}
