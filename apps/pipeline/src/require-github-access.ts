import { InputError } from '@repo/contract/input-error';
import type { GithubOptions } from '@repo/github/create-github';
import type { Context } from './context.ts';

/** Where GitHub is, for a verb that is of no use without. Throws InputError, which names the permissions `needs`, when the environment does not say. */
export function requireGithubAccess({ githubAccess }: Context, needs: string): GithubOptions {
  const access = githubAccess();
  if (access !== null) return access;
  throw new InputError({
    path: 'GITHUB_TOKEN',
    received: 'no token, or no GITHUB_REPOSITORY',
    allowed: `a token with ${needs}, and <owner>/<name>`,
    action: 'set both, as a job of GitHub Actions has them',
  });
}
