import { digestOf } from '@repo/contract/canonical-json';
import type { Github } from './create-github.ts';
import { createOnce } from './create-once.ts';
import { statusOf } from './github-error.ts';
import { plainTitle, withinLimit } from './github-limits.ts';

/** A remark beside a line of a file of the head commit, in GitHub's words. */
export interface Annotation {
  readonly path: string;
  readonly start_line: number;
  readonly end_line: number;
  readonly annotation_level: 'notice' | 'warning' | 'failure';
  readonly title: string;
  /** Plain text. */
  readonly message: string;
}

/** A check of one commit. */
export interface CheckRun {
  /** As it stands among the checks, such as `gates`. */
  readonly name: string;
  readonly headSha: string;
  readonly conclusion: 'success' | 'failure' | 'neutral';
  readonly title: string;
  /** Markdown. */
  readonly summary: string;
  readonly annotations: readonly Annotation[];
}

interface Published {
  readonly id: number;
  readonly url: string;
  readonly key: string;
  readonly annotations: number;
}

interface ApiCheckRun {
  readonly id: number;
  readonly html_url: string | null;
  readonly external_id: string | null;
  readonly output: { readonly annotations_count: number };
}

const needs = 'checks: write';
/** Most that one request takes. */
const batchSize = 50;
const request = { retries: 0 };
/** Begins the external id of our check runs: a job of the same name is not touched. */
const prefix = 'causeway:';

const toPublished = ({ id, html_url, external_id, output }: ApiCheckRun): Published => ({
  id,
  url: html_url ?? '',
  key: external_id ?? '',
  annotations: output.annotations_count,
});

async function newest({ octokit, owner, repo }: Github, { name, headSha }: CheckRun): Promise<Published | null> {
  try {
    const page = { owner, repo, ref: headSha, check_name: name, per_page: 100 };
    const runs: ApiCheckRun[] = await octokit.paginate(octokit.rest.checks.listForRef, page);
    const own = runs.map(toPublished).filter(({ key }) => key.startsWith(prefix));
    return own.reduce<Published | null>((last, run) => (last === null || run.id > last.id ? run : last), null);
  } catch (error) {
    // A commit that is in a fork only has no list; whether it may have a check, creating one tells.
    if (statusOf(error) === 404) return null;
    throw error;
  }
}

const outputOf = ({ title, summary, annotations }: CheckRun, from: number) => ({
  title: plainTitle(title),
  summary: withinLimit(summary),
  annotations: annotations
    .slice(from, from + batchSize)
    .map((one) => ({ ...one, title: plainTitle(one.title), message: withinLimit(one.message) })),
});

/**
 * Writes the check run of that name on a commit, with its conclusion and all its annotations, 50 in a request. The same check again changes
 * nothing, and completes one that was cut off. Another one replaces it; GitHub takes no annotation back, so where there are some a new run
 * of the same name takes the place of the old one, as GitHub shows and counts the newest. Throws InputError for what GitHub refuses.
 */
export function publishCheckRun(github: Github, check: CheckRun): Promise<{ id: number; url: string }> {
  const { octokit, owner, repo } = github;
  const key = `${prefix}${digestOf(check).slice('sha256:'.length, 'sha256:'.length + 16)}`;
  const { name, headSha, conclusion } = check;
  const fields = { owner, repo, name, status: 'completed', conclusion, external_id: key } as const;
  const sent = Math.min(batchSize, check.annotations.length);
  const ownOrNone = (run: Published | null) => (run?.key === key ? run : null);
  const create = async () => {
    const whole = { ...fields, head_sha: headSha, output: outputOf(check, 0), request };
    return { ...toPublished((await octokit.rest.checks.create(whole)).data), annotations: sent };
  };
  const update = async ({ id }: Published) => {
    const whole = { ...fields, check_run_id: id, output: outputOf(check, 0), request };
    return { ...toPublished((await octokit.rest.checks.update(whole)).data), annotations: sent };
  };
  return github.ask(needs, async () => {
    const last = await newest(github, check);
    const run =
      last !== null && last.key !== key && last.annotations === 0
        ? await update(last)
        : (ownOrNone(last) ?? (await createOnce(async () => ownOrNone(await newest(github, check)), create)));
    for (let from = run.annotations; from < check.annotations.length; from += batchSize) {
      await octokit.rest.checks.update({ owner, repo, check_run_id: run.id, output: outputOf(check, from), request });
    }
    return { id: run.id, url: run.url };
  });
}
