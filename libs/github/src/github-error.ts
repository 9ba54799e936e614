import { InputError, show } from '@repo/contract/input-error';
import type { GithubAccess } from './github-access.ts';

/** What Octokit throws; without `response` where there was no answer. */
interface Failure extends Error {
  readonly status?: number;
  readonly request?: { readonly method: string; readonly url: string };
  readonly response?: { readonly headers: Readonly<Record<string, string | number | undefined>> };
}

type Kind = 'token' | 'limit' | 'permission' | 'absent' | 'refused' | 'conflict' | 'away';

/** The HTTP status that a request ended with; null when there was no answer at all. */
export function statusOf(error: unknown): number | null {
  const { response, status } = error as Failure;
  return response === undefined ? null : (status ?? null);
}

/** Whether the request may have been carried out although its answer says otherwise or never came. */
export function isLost(error: unknown): boolean {
  const status = statusOf(error);
  return status === null || status >= 500;
}

function kindOf(failure: Failure): Kind {
  const { headers = {} } = failure.response ?? {};
  const status = statusOf(failure);
  if (status === null || status >= 500) return 'away';
  if (status === 429 || Number(headers['x-ratelimit-remaining'] ?? 1) === 0 || /secondary rate/i.test(failure.message))
    return 'limit';
  if (status === 401) return 'token';
  if (status === 403) return 'permission';
  if (status === 404) return 'absent';
  return status === 409 ? 'conflict' : 'refused';
}

function limitEnds({ response }: Failure): string {
  const { headers = {} } = response ?? {};
  const reset = Number(headers['x-ratelimit-reset'] ?? Number.NaN);
  if (Number.isFinite(reset) && reset > 0 && reset < 1e11) return `after ${new Date(reset * 1000).toISOString()}`;
  const wait = Number(headers['retry-after'] ?? Number.NaN);
  return Number.isFinite(wait) ? `in ${wait} s` : 'in some minutes';
}

/** Variable to look at, what is allowed and what to do, by kind of failure. */
function rowOf(kind: Kind, failure: Failure, { repository }: GithubAccess, needs: string) {
  const rows = {
    token: ['GITHUB_TOKEN', 'a token that is valid', 'set another'],
    limit: ['GITHUB_TOKEN', 'fewer requests at a time', `run it again ${limitEnds(failure)}`],
    permission: [
      'GITHUB_TOKEN',
      `a token with ${needs} on ${repository}`,
      'grant it: the permissions of the job, or of the token',
    ],
    absent: [
      'GITHUB_REPOSITORY',
      `what exists, and what a token with ${needs} may see`,
      'correct the name, or grant the token access',
    ],
    conflict: [
      'GITHUB_REPOSITORY',
      'a repository with a commit in it, in which nobody writes the same',
      'run it again',
    ],
    refused: ['GitHub', 'what its API takes', 'correct what it complains of'],
    away: ['GITHUB_API_URL', 'a GitHub that answers', 'run it again when it does, or correct the address'],
  } as const satisfies Record<Kind, readonly [string, string, string]>;
  return rows[kind];
}

/** What was asked: method and path, without host and query. */
function questionOf({ request }: Failure): string {
  const path = URL.parse(request?.url ?? '')?.pathname;
  return path === undefined ? '' : ` to ${request?.method} ${path}`;
}

/** GitHub's own words on one line, cut; for no answer, why there was none. */
function wordsOf(failure: Failure): string {
  const { code, message } = ((failure.cause as Error | undefined)?.cause ??
    failure.cause ??
    {}) as NodeJS.ErrnoException;
  const text =
    statusOf(failure) === null ? (typeof code === 'string' ? code : (message ?? failure.message)) : failure.message;
  return show(text.replaceAll(/\s+/g, ' ').slice(0, 300));
}

/**
 * Turns what a request to GitHub failed with (no valid token, no permission, nothing there, refused, a limit, no answer) into an InputError
 * that names the variable to look at. `needs` names the permissions that the request takes, such as `checks: write`. The token is taken
 * out of whatever GitHub says. Errors that are no request's pass unchanged.
 */
export function explainGithubError(error: unknown, access: GithubAccess, needs: string): unknown {
  const failure = error as Failure;
  if (!(error instanceof Error) || !['HttpError', 'GraphqlResponseError'].includes(error.name)) return error;
  const status = statusOf(failure);
  const [path, allowed, action] = rowOf(kindOf(failure), failure, access, needs);
  const words = `${wordsOf(failure)}${status === null ? '' : ` (${status})`}`;
  const received = `${words} from ${access.apiUrl}${questionOf(failure)}`.replaceAll(access.token, '***');
  return new InputError({ path, received, allowed, action });
}
