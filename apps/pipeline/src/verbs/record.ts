import { digestOf } from '@repo/contract/canonical-json';
import { InputError, show } from '@repo/contract/input-error';
import { markdownText } from '@repo/contract/markdown-text';
import { plainText } from '@repo/contract/plain-text';
import { ReleaseOutcome, type ReleaseResult } from '@repo/contract/release-result';
import { StageFailure } from '@repo/contract/stage-failure';
import { releaseSentence, renderRelease } from '@repo/gates/report/render-release';
import { createGithub, type GithubOptions } from '@repo/github/create-github';
import { describeIncident, type Incident, type Issue, openIncident } from '@repo/github/open-incident';
import type { PullRequest } from '@repo/github/propose-change';
import { recordRelease } from '@repo/github/record-release';
import { createRegistry } from '@repo/registry/registry';
import { verifyCommitted } from '@repo/registry/verify-committed';
import type { Context } from '../context.ts';
import type { Outcome } from '../outcome.ts';
import { proposeChampion } from '../propose-champion.ts';
import { readReleaseResult } from '../read-release-result.ts';
import { requireGithubAccess } from '../require-github-access.ts';
import { revertBody } from '../revert-body.ts';
import { type RollbackMove, rollbackMove } from '../rollback-move.ts';

export interface RecordOptions {
  /** Where it was released, such as `staging`. */
  readonly environment: string;
  /** Commit that was released. */
  readonly headSha: string;
  /** Page of the run that released it; null for none. */
  readonly runUrl: string | null;
}

/** Where releases end. What serves here is a release, elsewhere a prerelease. */
const lastEnvironment = 'prod';

/** A release with all that is said of it. */
interface Told {
  readonly result: ReleaseResult;
  readonly options: RecordOptions;
  /** Markdown: how it ended, and by what evidence. */
  readonly evidence: string;
}

function evidenceOf(result: ReleaseResult, { environment, headSha, runUrl }: RecordOptions): string {
  const run = runUrl === null ? '' : ` Run: ${runUrl}.`;
  return `${renderRelease(result, environment)}\n\nCommit ${headSha}.${run}`;
}

const exitCodes = {
  [ReleaseOutcome.promoted]: 0,
  [ReleaseOutcome.rolledBack]: 1,
  [ReleaseOutcome.undecided]: 3,
} as const;

function outcomeOf({ result, options }: Told, links: Record<string, string | null>, notes: readonly string[]): Outcome {
  const { model, outcome, reason } = result;
  const { environment } = options;
  const first = `${releaseSentence(result, environment)}: ${reason}`;
  const urls = Object.values(links).filter((url) => url !== null);
  return {
    exitCode: exitCodes[outcome],
    json: { model, environment, outcome, release: null, issue: null, pullRequest: null, ...links },
    text: [first, ...notes, ...urls].map((line) => plainText(line)).join('\n'),
  };
}

async function promoted(access: GithubOptions, told: Told): Promise<Outcome> {
  const { result, options, evidence } = told;
  const { champion } = result.to;
  if (champion === null) throw new RangeError('a promotion without a champion was let through');
  const { environment, headSha: commit } = options;
  const isFinal = environment === lastEnvironment;
  const isJudged = result.judgement !== null || result.byHand.length > 0;
  const record = { model: result.model, ...champion, commit, isFinal, isJudged, body: evidence };
  const { url, tag } = await recordRelease(createGithub(access), record);
  return outcomeOf(told, { release: url }, [`recorded as ${tag}`]);
}

/** One issue for each version and image in each environment. */
function incidentOf({ result, options }: Told): Incident {
  const { model, to } = result;
  const what = digestOf({ champion: to.champion, image: to.image }).slice('sha256:'.length, 'sha256:'.length + 12);
  return {
    key: `rollback ${model} ${options.environment} v${to.champion?.version ?? 0} ${what}`,
    evidence: digestOf(result).slice('sha256:'.length, 'sha256:'.length + 16),
    title: releaseSentence(result, options.environment),
    labels: ['rollback', model],
  };
}

/** The way back in git; or why there is none, which somebody has to read and nobody has to forge. */
async function wayBack(
  { workspace, stateUrl }: Context,
  { model, from, to }: ReleaseResult,
): Promise<RollbackMove | string> {
  const former = from?.champion ?? null;
  if (former !== null && former.digest === to.champion?.digest)
    return 'champion.json did not change with this release, so there is nothing in it to go back to: revert the commit that changed the image or the definition.';
  const registry = createRegistry(stateUrl, workspace.root);
  const move = await rollbackMove(registry, model, workspace.modelDir(model), former?.version ?? null).catch(
    (error: unknown) => {
      if (error instanceof StageFailure || error instanceof InputError) return error.message;
      throw error;
    },
  );
  if (typeof move === 'string' || former === null || move.target.digest === former.digest) return move;
  throw new InputError({
    path: 'from.champion.digest',
    received: show(former.digest),
    allowed: `${move.target.digest}, of version ${former.version}`,
    action: 'leave it alone: no watch of this release printed it',
  });
}

/** Proposes the way back, with the evidence; or why it cannot be proposed any more. */
async function propose(
  context: Context,
  access: GithubOptions,
  move: RollbackMove,
  text: string,
): Promise<PullRequest | string> {
  try {
    return await proposeChampion(access, context.progress, 'revert', move, `${revertBody(move)}\n${text}\n`);
  } catch (error) {
    if (error instanceof StageFailure) return error.message;
    throw error;
  }
}

function issueBody(evidence: string, back: PullRequest | string | null): string {
  const next =
    back === null
      ? 'The pull request that goes back follows.'
      : typeof back === 'string'
        ? `There is no pull request that goes back: ${markdownText(back)}`
        : `To go back: #${back.number}. Merging it closes this.`;
  return `${next}\n\n${evidence}\n\nWhat to do by hand: docs/runbooks/rollback.md.\n`;
}

/** Opens issue and pull request. The way back matters more: without the right to open issues it is proposed all the same, and then that is said. */
async function rolledBack(context: Context, access: GithubOptions, told: Told): Promise<Outcome> {
  const { evidence } = told;
  const move = await wayBack(context, told.result);
  const github = createGithub(access);
  const incident = incidentOf(told);
  const issue: Issue | InputError = await openIncident(
    github,
    incident,
    issueBody(evidence, typeof move === 'string' ? move : null),
  ).catch((error: unknown) => {
    if (error instanceof InputError) return error;
    throw error;
  });
  if (!(issue instanceof InputError) && issue.isClosed)
    return outcomeOf(told, { issue: issue.url }, ['its issue was closed already, so nothing more is proposed']);
  const closes = issue instanceof InputError ? '' : `Closes #${issue.number}.\n\n`;
  const back = typeof move === 'string' ? move : await propose(context, access, move, `${closes}${evidence}`);
  if (issue instanceof InputError) throw issue;
  await describeIncident(github, incident, issue, issueBody(evidence, back));
  const pull = typeof back === 'string' ? null : back.url;
  return outcomeOf(told, { issue: issue.url, pullRequest: pull }, typeof back === 'string' ? [back] : []);
}

/**
 * `causeway record <model> <file> --environment <name> --head <sha>`: says on GitHub how a release ended, by what `causeway watch --json` printed, of which
 * nothing is believed before it was checked. Promoted (exit code 0): recorded as the release `models/<name>/v<version>`. Rolled back (1): an
 * issue with the evidence, and the pull request that goes back to the champion before. Undecided (3): nothing. Again it finds what it wrote. Throws
 * InputError, before anything is written, for a result that is forged, too large or about another release, and for what GitHub refuses.
 */
export async function recordVerb(
  context: Context,
  model: string,
  path: string,
  options: RecordOptions,
): Promise<Outcome> {
  const champion = await verifyCommitted(context.workspace.modelDir(model));
  const result = await readReleaseResult(path, model, champion);
  const told: Told = { result, options, evidence: evidenceOf(result, options) };
  if (result.outcome === ReleaseOutcome.undecided)
    return outcomeOf(told, {}, ['nobody decided, so nothing is written: docs/runbooks/release.md says what to do']);
  const access = requireGithubAccess(context, 'contents, issues and pull-requests: write');
  return result.outcome === ReleaseOutcome.promoted ? promoted(access, told) : rolledBack(context, access, told);
}
