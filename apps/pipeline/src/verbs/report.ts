import { gateVerdict } from '@repo/contract/gate-verdict';
import { InputError, show } from '@repo/contract/input-error';
import type { PreviewReport } from '@repo/contract/preview-report';
import { checkRunOf } from '@repo/gates/report/check-run';
import type { ModelResult } from '@repo/gates/report/model-result';
import { previewCheckOf } from '@repo/gates/report/preview-check';
import { renderComment } from '@repo/gates/report/render-comment';
import { renderPreview } from '@repo/gates/report/render-preview';
import { changedFiles } from '@repo/github/changed-files';
import { createGithub } from '@repo/github/create-github';
import { openPullRequests } from '@repo/github/open-pull-requests';
import { publishCheckRun } from '@repo/github/publish-check-run';
import { upsertComment } from '@repo/github/upsert-comment';
import { verifyCommitted } from '@repo/registry/verify-committed';
import type { Context } from '../context.ts';
import { decidingNote } from '../deciding-files.ts';
import type { Outcome } from '../outcome.ts';
import { readEnvelopes } from '../read-envelopes.ts';
import type { Envelope, EnvelopeModel } from '../report-envelope.ts';
import { requireGithubAccess } from '../require-github-access.ts';

/** A job may have failed that the gates know nothing of, or one that a forged report would hide. */
const failedRun = '⚠️ The run that left this failed: whatever stands above, see which of its jobs did.\n';

/** As they stand among the checks of a commit. */
const gatesCheck = 'gates';
const previewCheck = 'preview';
/** Room in the one comment: what GitHub takes is shared by models and infrastructure. */
const mostChars = { models: 38_000, preview: 22_000 } as const;

const refuse = (path: string, received: string, allowed: string): InputError =>
  new InputError({ path, received, allowed, action: 'leave it alone: the run of this commit did not make it' });

/** All that the envelopes say of models, each once, if they are about this commit. */
function modelsOf(envelopes: readonly Envelope[], headSha: string): Envelope['models'] {
  const foreign = envelopes.find((envelope) => envelope.headSha !== headSha);
  if (foreign !== undefined) throw refuse('envelope.headSha', show(foreign.headSha), headSha);
  const models = envelopes.flatMap((envelope) => envelope.models);
  const twice = models.find(({ model }, i) => models.findIndex((other) => other.model === model) < i);
  if (twice !== undefined) throw refuse('envelope.models', `${show(twice.model)} twice`, 'each model once');
  return models;
}

/** The one preview among the envelopes, if there is any; their commit was checked. */
function previewOf(envelopes: readonly Envelope[]): PreviewReport | null {
  const previews = envelopes.flatMap(({ preview }) => preview ?? []);
  if (previews.length > 1) throw refuse('envelope.preview', `${previews.length} previews`, 'at most one');
  return previews[0] ?? null;
}

/** A number that the artifact claims is no source, but a wrong one is a sign. */
function checkClaims(envelopes: readonly Envelope[], pulls: readonly number[]): void {
  for (const { pullRequest } of envelopes) {
    if (pullRequest === null || pulls.length === 0 || pulls.includes(pullRequest)) continue;
    throw refuse(
      'envelope.pullRequest',
      show(pullRequest),
      `${pulls.join(', ')}, which have this commit as their head`,
    );
  }
}

/** The digest of the champion of this checkout, which is main's; null for none, or a model that is new. */
async function championOf({ workspace }: Context, model: string): Promise<string | null> {
  return (await verifyCommitted(workspace.modelDir(model)))?.digest ?? null;
}

/** Weighs a report here and now. One that compares with another champion than main's says nothing about what a merge would do. */
async function resultOf(context: Context, entry: EnvelopeModel): Promise<ModelResult> {
  if (!('report' in entry)) return entry;
  const { model, report } = entry;
  const [compared, now] = [report.champion?.digest ?? null, await championOf(context, model)];
  if (compared === now) return { report, verdict: gateVerdict(report, context.nowUs / 1000) };
  const problem = `Its report compares with ${compared ?? 'no champion'}; main has ${now ?? 'none'}: bring the branch up to date, so that it is judged anew.`;
  return { model, problem };
}

/** The comment: models first, then the infrastructure; each where there is something to say, and words about models where there is neither. */
function bodyOf(results: readonly ModelResult[], preview: PreviewReport | null, notes: readonly string[]): string {
  const models =
    results.length > 0 || preview === null
      ? [renderComment(results, preview === null ? {} : { maxChars: mostChars.models })]
      : [];
  const infrastructure = preview === null ? [] : [renderPreview(preview, { maxChars: mostChars.preview })];
  return [...models, ...infrastructure, ...notes].join('\n');
}

/**
 * `causeway report <folder> --head <sha>`: says on GitHub what a run of a pull request left, and believes nothing of it: form, size, digests
 * and commit are checked, the pull request is looked up by the commit, the verdict is weighed here and now, against the champion of this checkout,
 * which is main's. Where the run that left it failed (`runPassed` false) the comment says so. What the pull request changes of that by which it is
 * judged GitHub tells, and the comment names it. Writes a check run for the models and one for the infrastructure, and one comment on each open
 * pull request whose head the commit is; where neither was looked at, an older comment is corrected and nothing else is written. Throws
 * InputError, before anything is written, for whatever is forged, too large or about another commit, and for
 * what GitHub refuses.
 */
export async function reportVerb(
  context: Context,
  path: string,
  headSha: string,
  runPassed: boolean,
): Promise<Outcome> {
  const access = requireGithubAccess(context, 'checks: write and pull-requests: write');
  const envelopes = await readEnvelopes(path);
  const models = modelsOf(envelopes, headSha);
  const preview = previewOf(envelopes);
  const github = createGithub(access);
  const pulls = await openPullRequests(github, headSha);
  checkClaims(envelopes, pulls);
  const results = await Promise.all(models.map((entry) => resultOf(context, entry)));
  const checks: { url: string }[] = [];
  if (results.length > 0)
    checks.push(await publishCheckRun(github, { ...checkRunOf(results), name: gatesCheck, headSha }));
  if (preview !== null)
    checks.push(await publishCheckRun(github, { ...previewCheckOf(preview), name: previewCheck, headSha }));
  const isSilent = results.length === 0 && preview === null;
  const comments: string[] = [];
  for (const number of pulls) {
    const deciding = decidingNote(await changedFiles(github, number));
    const notes = [deciding, runPassed ? '' : failedRun, `Commit ${headSha}.\n`].filter(Boolean);
    const comment = await upsertComment(github, number, bodyOf(results, preview, notes), { onlyIfThere: isSilent });
    if (comment !== null) comments.push(comment.url);
  }
  const said = [...checks.map(({ url }) => url), ...comments];
  return {
    exitCode: 0,
    json: { headSha, models: models.map(({ model }) => model), checkRuns: checks, pullRequests: pulls, comments },
    text: said.length === 0 ? 'nothing to say: no model was judged and nothing rendered' : said.join('\n'),
  };
}
