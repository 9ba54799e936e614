import { retry } from '@octokit/plugin-retry';
import { throttling } from '@octokit/plugin-throttling';
import { Octokit } from '@octokit/rest';
import Bottleneck from 'bottleneck';
import type { GithubAccess } from './github-access.ts';
import { explainGithubError } from './github-error.ts';
import { createGithubFetch } from './github-fetch.ts';

/** Requests that an answer forbids to repeat as they are; limits are waited for by the throttling plugin instead. */
const finalStatuses = [400, 401, 403, 404, 409, 410, 422, 429, 451];
const retries = 3;
/** A limit that lasts longer is an error at once: a job that sleeps costs as much as one that works. */
const longestWaitSeconds = 60;
const mostWaits = 2;

export interface GithubOptions extends GithubAccess {
  /** Most time for one attempt, headers and body. Default 20,000. */
  timeoutMs?: number;
  /** Length of a second in every pause between requests; tests shorten it. Default 1,000. */
  secondMs?: number;
}

/** A repository on GitHub. */
export interface Github {
  readonly owner: string;
  readonly repo: string;
  readonly octokit: Octokit;
  /**
   * Runs requests that take the permissions `needs`, such as `checks: write`. What they fail with becomes an InputError that says what to do
   * and holds no token.
   */
  ask<T>(needs: string, work: () => Promise<T>): Promise<T>;
}

const Client = Octokit.plugin(retry, throttling);
const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/**
 * A client for one repository. Everything it does ends: an attempt after `timeoutMs`, no answer and 5xx after three more attempts (1, 4 and
 * 9 s later), a rate limit after two waits of at most a minute, as long as GitHub says. Writes are a second apart, those that
 * notify people three, as GitHub asks.
 */
export function createGithub({
  apiUrl,
  token,
  repository,
  timeoutMs = 20_000,
  secondMs = 1_000,
}: GithubOptions): Github {
  const [owner = '', repo = ''] = repository.split('/');
  const isShort = (seconds: number, _options: unknown, _octokit: unknown, waits: number) =>
    seconds <= longestWaitSeconds && waits < mostWaits;
  const oneByOne = (minTime: number) => new Bottleneck.Group({ maxConcurrent: 1, minTime });
  const octokit = new Client({
    auth: token,
    baseUrl: apiUrl,
    userAgent: 'causeway',
    log: silent,
    request: { fetch: createGithubFetch(timeoutMs) },
    retry: { retries, doNotRetry: finalStatuses, retryAfterBaseValue: secondMs },
    throttle: {
      onRateLimit: isShort,
      onSecondaryRateLimit: isShort,
      retryAfterBaseValue: secondMs,
      write: oneByOne(secondMs),
      notifications: oneByOne(3 * secondMs),
    },
  });
  return {
    owner,
    repo,
    octokit,
    async ask(needs, work) {
      try {
        return await work();
      } catch (error) {
        throw explainGithubError(error, { apiUrl, token, repository }, needs);
      }
    },
  };
}
