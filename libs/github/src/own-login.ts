import type { Github } from './create-github.ts';
import { statusOf } from './github-error.ts';

/**
 * Login of the identity that the token speaks for, as it stands at comments. The REST API tells it for people's tokens only; the token of a
 * job (`github-actions[bot]`) or of an app asks GraphQL.
 */
export async function ownLogin({ octokit }: Github): Promise<string> {
  try {
    return (await octokit.rest.users.getAuthenticated()).data.login;
  } catch (error) {
    if (statusOf(error) !== 403) throw error;
    const { viewer } = await octokit.graphql<{ viewer: { login: string } }>('{ viewer { login } }');
    return viewer.login;
  }
}
