import { microseconds } from '@repo/contract/duration';
import type { Split } from '@repo/contract/split';
import { chooseWindow } from './choose-window.ts';
import { findGuards, Guard, type Held } from './find-guards.ts';
import { type Fired, findTriggers } from './find-triggers.ts';
import { isRunning, isUnfinished, type RetrainRun, type Trigger } from './retrain-run.ts';
import type { RetrainSituation } from './retrain-situation.ts';

/** `nothing`: no trigger fired; `wait`: one did, too soon after others; `running`: another run goes on; `guarded`: a guard holds. */
export const DecisionState = {
  run: 'run',
  nothing: 'nothing',
  wait: 'wait',
  running: 'running',
  guarded: 'guarded',
} as const;
export type DecisionState = (typeof DecisionState)[keyof typeof DecisionState];

/** Whether to train a model again, and why. */
export interface RetrainDecision {
  readonly retrain: boolean;
  readonly state: DecisionState;
  /** The most pressing of what fired. */
  readonly trigger: Trigger | null;
  readonly reasons: readonly Fired[];
  readonly guards: readonly Held[];
  /** What it waits for: a sentence; null where it waits for nothing. */
  readonly wait: string | null;
  /** The days to learn from; null where there are none or no trigger fired. */
  readonly window: Split | null;
  /** The killed run that is gone on with. */
  readonly resumes: number | null;
}

const weekUs = 7 * 86_400e6;
const at = (us: number): string => new Date(us / 1000).toISOString();

/** The run to go on with: the newest one, where it did not end and began less than a cool-down and a lease ago. */
function unfinished({ runs, nowUs, clockUs, policy, champion }: RetrainSituation): RetrainRun | null {
  const newest = runs.toSorted((a, b) => a.claim.number - b.claim.number).at(-1);
  if (newest === undefined || !isUnfinished(newest, clockUs)) return null;
  // A champion that came meanwhile may have learned from its test days.
  if (newest.claim.window.test[0] <= champion.validate[1]) return null;
  const age = nowUs - newest.claim.startedUs;
  return age < microseconds(policy.coolDown) + microseconds(policy.lease) ? newest : null;
}

/** What keeps a run waiting that something fired for; going on with a killed one is no new run to the cool-down, but is one to the budget. */
function waitOf({ runs, nowUs, clockUs, policy }: RetrainSituation, resumes: boolean): string | null {
  const starts = runs.map(({ claim }) => claim.startedUs).sort((a, b) => a - b);
  const newestUs = runs
    .filter((run) => !isUnfinished(run, clockUs))
    .reduce((newest, { claim }) => Math.max(newest, claim.startedUs), -Infinity);
  const coolUs = newestUs + microseconds(policy.coolDown);
  if (!resumes && nowUs < coolUs) return `the last run began at ${at(newestUs)}: the next may at ${at(coolUs)}`;
  const inWeek = starts.filter((start) => start > nowUs - weekUs);
  if (inWeek.length < policy.runsPerWeek) return null;
  const freeUs = (inWeek.at(-policy.runsPerWeek) as number) + weekUs;
  return `${inWeek.length} runs began within seven days, the budget: the next may at ${at(freeUs)}`;
}

/**
 * Decides whether to train a model again, from nothing but the situation: by the triggers of its policy, one run at a time, within cool-down and
 * budget, and never past a guard. A person who asks is a trigger that waits for neither cool-down nor budget. What comes of a run is for
 * the gates and for whoever merges the promotion; no trigger promotes.
 */
export function decideRetrain(situation: RetrainSituation): RetrainDecision {
  const { runs, clockUs, asked } = situation;
  const chosen = chooseWindow(situation);
  const killed = unfinished(situation);
  const fired = findTriggers(situation, chosen.window?.test[1] ?? null);
  const goesOn: Fired[] =
    killed === null || fired.length > 0
      ? []
      : [
          {
            trigger: killed.claim.trigger,
            text: `run ${killed.claim.number} did not end: ${killed.claim.reasons.join('; ')}`,
          },
        ];
  const reasons = [...fired, ...goesOn];
  const none = {
    retrain: false,
    trigger: reasons[0]?.trigger ?? null,
    reasons,
    guards: [],
    wait: null,
    window: null,
    resumes: null,
  };
  const running = runs.find((run) => isRunning(run, clockUs));
  if (running !== undefined) {
    const { number, by, startedUs, leaseUntilUs } = running.claim;
    const wait = `run ${number} goes on since ${at(startedUs)} by ${by}; it counts as dead at ${at(leaseUntilUs)}`;
    return { ...none, state: DecisionState.running, wait };
  }
  if (reasons.length === 0) return { ...none, state: DecisionState.nothing };
  const wait = asked === null ? waitOf(situation, killed !== null) : null;
  if (wait !== null) return { ...none, state: DecisionState.wait, wait };
  // The same days again make the same bytes, so that nothing is registered twice.
  const window = killed?.claim.window ?? chosen.window;
  if (window === null) {
    const text = chosen.window === null ? chosen.why : '';
    return { ...none, state: DecisionState.guarded, guards: [{ guard: Guard.window, text }] };
  }
  const guards = findGuards(situation, window, killed !== null);
  if (guards.length > 0) return { ...none, state: DecisionState.guarded, guards, window };
  return { ...none, retrain: true, state: DecisionState.run, window, resumes: killed?.claim.number ?? null };
}
