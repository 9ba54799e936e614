import { resolve } from 'node:path';
import { microseconds } from '@repo/contract/duration';
import { InputError } from '@repo/contract/input-error';
import type { Model } from '@repo/contract/model';
import { StageFailure } from '@repo/contract/stage-failure';
import { withWindow } from '@repo/contract/training-window';
import { decideRetrain, type RetrainDecision } from '@repo/monitoring/decide-retrain';
import { type RetrainRun, type RunClaim, type RunEnd, RunOutcome, type Trigger } from '@repo/monitoring/retrain-run';
import { type CommittedBundle, verifyCommitted } from '@repo/registry/verify-committed';
import type { Context } from '../context.ts';
import { withLock } from '../lock.ts';
import type { Outcome } from '../outcome.ts';
import { decisionText, whyText } from '../retrain/decision-text.ts';
import { gatherSituation } from '../retrain/gather-situation.ts';
import { openRetrainState, ownerOf, type RetrainState } from '../retrain/retrain-state.ts';
import { runStages } from '../retrain/run-stages.ts';
import { loadModel } from '../workspace.ts';

/** How to decide. */
export interface RetrainOptions {
  /** The moment to decide for, UTC microseconds: what was observed later is not known. Null for now, with all that is there. */
  readonly atUs: number | null;
  /** Say what would be done, and do nothing. */
  readonly dryRun: boolean;
  /** Folder to lay the proposal in, relative to where the command runs; null to open the pull request here. */
  readonly out: string | null;
  /** The reason of a person who asks for it; null for nobody. */
  readonly asked: string | null;
}

/** What a run works with. */
interface Run {
  readonly context: Context;
  readonly model: Model;
  readonly state: RetrainState;
  readonly atUs: number;
}

const exitCodes = {
  [RunOutcome.proposed]: 0,
  [RunOutcome.stopped]: 1,
  [RunOutcome.failed]: 1,
  [RunOutcome.givenUp]: 1,
  [RunOutcome.inconclusive]: 3,
} as const;
const decidedCodes = { run: 0, nothing: 0, wait: 0, running: 1, guarded: 1 } as const;

async function requireChampion({ workspace }: Context, model: string): Promise<CommittedBundle> {
  const champion = await verifyCommitted(workspace.modelDir(model));
  if (champion !== null) return champion;
  throw new InputError({
    path: `models/${model}/champion.json`,
    received: 'nothing',
    allowed: 'a champion to be compared with',
    action: `train the first version: causeway train ${model}, then causeway register ${model}`,
  });
}

const said = (model: string, decision: RetrainDecision): Outcome => ({
  exitCode: decidedCodes[decision.state],
  json: { model, ...decision, run: null },
  text: decisionText(model, decision),
});

/** Makes the next run after those that were decided by ours. Throws StageFailure where another machine was faster. */
async function claimRun(
  { context, model, state, atUs }: Run,
  decision: RetrainDecision,
  known: readonly RetrainRun[],
): Promise<RunClaim> {
  // Not after those that are there by now: one that was begun since the decision would go on beside ours.
  const number = Math.max(0, ...known.map(({ claim }) => claim.number)) + 1;
  const claim: RunClaim = {
    schemaVersion: 1,
    model: model.name,
    number,
    startedUs: atUs,
    // Whoever lives now holds it, whatever moment is decided for.
    leaseUntilUs: context.nowUs + microseconds(model.retraining.lease),
    by: ownerOf(context),
    trigger: decision.trigger as Trigger,
    reasons: decision.reasons.map(({ trigger, text }) => `${trigger}: ${text}`.slice(0, 1000)),
    window: decision.window as RunClaim['window'],
    resumes: decision.resumes,
  };
  if (await state.claim(claim)) return claim;
  throw new StageFailure(
    `run ${number} of ${model.name} was begun by somebody else at the same moment: look at it, then decide again`,
  );
}

/** Asks whether no later run was begun, which happens to one that works on past its lease. */
async function requireOurs({ state, model }: Run, { number }: RunClaim): Promise<void> {
  const newest = Math.max(...(await state.runs()).map(({ claim }) => claim.number));
  if (newest === number) return;
  throw new StageFailure(
    `run ${number} of ${model.name} outlived its lease, and run ${newest} took its place: raise retraining.lease`,
  );
}

/** A killed run is gone on with on the rows that it had, whatever came meanwhile. */
async function onItsRows({ context, state }: Run, { resumes }: RunClaim): Promise<Context> {
  const runs = await state.runs();
  const claimOf = (number: number | null) => runs.find(({ claim }) => claim.number === number)?.claim;
  let first = claimOf(resumes);
  for (let before = first; before !== undefined; before = claimOf(before.resumes)) first = before;
  return first === undefined ? context : { ...context, observedUntilUs: first.startedUs };
}

async function carryOut(
  run: Run,
  decision: RetrainDecision,
  known: readonly RetrainRun[],
  out: string | null,
): Promise<Outcome> {
  const { context, model, state } = run;
  const claim = await claimRun(run, decision, known);
  const endOf = (end: Pick<RunEnd, 'outcome' | 'version' | 'pullRequest' | 'detail'>): RunEnd => ({
    ...{ schemaVersion: 1, number: claim.number, endedUs: context.nowUs },
    ...{ ...end, detail: end.detail.slice(0, 1000) },
  });
  try {
    const moved = withWindow(model, claim.window, 'window');
    const options = { why: whyText(claim), out, requireOurs: () => requireOurs(run, claim) };
    const end = endOf(await runStages(await onItsRows(run, claim), moved, options));
    await state.end(end);
    const { outcome, version, pullRequest, detail } = end;
    return {
      exitCode: exitCodes[outcome],
      json: { model: model.name, ...decision, run: { number: claim.number, outcome, version, pullRequest, detail } },
      text: [
        decisionText(model.name, decision),
        `run ${claim.number} ${outcome}: ${detail}`,
        ...(pullRequest === null ? [] : [pullRequest]),
      ].join('\n'),
    };
  } catch (error) {
    const failed = { outcome: RunOutcome.failed, version: null, pullRequest: null, detail: String(error) };
    // Where even that cannot be written, the lease ends the run.
    await state.end(endOf(failed)).catch(() => undefined);
    throw error;
  }
}

/** Runs work while nothing else in this checkout trains the model again. Throws StageFailure where something does. */
async function aloneHere<T>({ context, model, state }: Run, work: () => Promise<T>): Promise<T> {
  const path = context.workspace.lockPath(`retrain-${model.name}`);
  let isTaken = false;
  const refuse = () => {
    isTaken = true;
    throw new StageFailure('taken');
  };
  try {
    return await withLock(path, refuse, work);
  } catch (error) {
    if (!isTaken) throw error;
    const running = (await state.runs()).findLast(({ end }) => end === null);
    const who =
      running === undefined
        ? ''
        : `: run ${running.claim.number} since ${new Date(running.claim.startedUs / 1000).toISOString()} by ${running.claim.by}`;
    throw new StageFailure(`${model.name} is being trained again already${who}`);
  }
}

/**
 * `causeway retrain <model>`: decides by the policy of the definition whether to train it again, says why, and if so does it, up to a pull request
 * that a person merges. Exit code 0 when there is nothing to do or something is proposed, 1 when a guard or a gate stops it or another run
 * goes on, 3 when the gates cannot tell. Throws InputError for a model without a champion and for damaged state.
 */
export async function retrainVerb(context: Context, name: string, options: RetrainOptions): Promise<Outcome> {
  const model = await loadModel(context.workspace, name);
  const champion = await requireChampion(context, name);
  const state = openRetrainState(context, name);
  const known = options.atUs === null ? context : { ...context, observedUntilUs: options.atUs };
  const run: Run = { context: known, model, state, atUs: options.atUs ?? context.nowUs };
  const gather = () => gatherSituation(known, model, champion, state, { atUs: run.atUs, asked: options.asked });
  const out = options.out === null ? null : resolve(context.workingDir, options.out);
  if (options.dryRun) return said(name, decideRetrain(await gather()));
  return aloneHere(run, async () => {
    // Whoever ran here before cannot be alive: the lock is ours.
    await state.giveUp(ownerOf(context), context.nowUs);
    const situation = await gather();
    const decision = decideRetrain(situation);
    context.progress.line(decisionText(name, decision));
    return decision.retrain ? carryOut(run, decision, situation.runs, out) : said(name, decision);
  });
}
