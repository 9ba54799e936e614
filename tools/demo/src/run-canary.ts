import type { InstantUs } from '@repo/contract/instant';
import type { Judgement } from '@repo/contract/judgement';
import type { Model } from '@repo/contract/model';
import { createAssignment } from '@repo/experiments/assign';
import type { AgreementEvidence } from '@repo/experiments/canary-evidence';
import { judgeCanary } from '@repo/experiments/judge-canary';
import { armEvidence } from './arm-evidence.ts';
import type { Asker } from './ask-service.ts';
import type { Asked } from './read-flights.ts';
import { readMetrics } from './read-metrics.ts';
import type { DemoService } from './start-service.ts';

/** One look of the judge. */
export interface CanaryLook {
  /** Share of the canary, percent. */
  readonly step: number;
  /** Event time up to which the canary had been replayed. */
  readonly atUs: InstantUs;
  readonly verdict: Judgement['verdict'];
  readonly reason: string;
  readonly metrics: Judgement['metrics'];
}

/** A process, and who asks it. */
interface Side {
  readonly service: DemoService;
  readonly asker: Asker;
}

export interface CanaryOptions {
  readonly model: Model;
  readonly stable: Side;
  readonly canary: Side;
  /** Days of traffic, in their order; the canary takes as many as the judge needs. */
  readonly days: readonly { readonly endUs: InstantUs; readonly requests: readonly Asked[] }[];
  /** Replays some requests, each by the side that it goes to. */
  replay(requests: readonly Asked[], ask: (request: Asked) => Promise<void>): Promise<void>;
  /** Scores the canary's logged answers again. */
  readAgreement(): Promise<AgreementEvidence>;
  say(line: string): void;
}

/** How the canary ended, and after how many days. */
export interface CanaryEnd {
  readonly looks: readonly CanaryLook[];
  readonly verdict: Judgement['verdict'];
  readonly daysUsed: number;
}

/**
 * Takes a candidate through the steps of its definition that are below 100 %: two processes share the traffic by their replicas, and the judge looks
 * after each day, at what both have counted since the step began and at the canary's log. It goes on where the judge passes it.
 */
export async function runCanary(options: CanaryOptions): Promise<CanaryEnd> {
  const { model, stable, canary, days } = options;
  const looks: CanaryLook[] = [];
  let day = 0;
  for (const step of model.release.steps.filter((share) => share < 100)) {
    const arms = [
      { name: 'canary', weight: step },
      { name: 'stable', weight: 100 - step },
    ];
    const sideOf = createAssignment({ salt: `canary ${step}`, traffic: 100, arms });
    const ask = (one: Asked) => (sideOf(one.id)?.arm === 'canary' ? canary : stable).asker.ask(one);
    const pages = () => Promise.all([readMetrics(stable.service.adminPort), readMetrics(canary.service.adminPort)]);
    const [stableBefore, canaryBefore] = await pages();
    let verdict: Judgement['verdict'] = 'inconclusive';
    while (verdict === 'inconclusive' && day < days.length) {
      const { requests, endUs } = days[day] as CanaryOptions['days'][number];
      day += 1;
      await options.replay(requests, ask);
      const [stableNow, canaryNow] = await pages();
      const judged = judgeCanary(model, {
        stable: armEvidence({ model: model.name, before: stableBefore, now: stableNow, replicas: 100 - step }),
        canary: armEvidence({ model: model.name, before: canaryBefore, now: canaryNow, replicas: step }),
        agreement: await options.readAgreement(),
      });
      verdict = judged.verdict;
      looks.push({ step, atUs: endUs, ...judged });
      options.say(`canary at ${step} %: ${judged.verdict}. ${judged.reason}`);
    }
    if (verdict !== 'pass') return { looks, verdict, daysUsed: day };
  }
  return { looks, verdict: 'pass', daysUsed: day };
}
