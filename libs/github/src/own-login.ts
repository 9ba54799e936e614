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
    const { login } = (await octokit.graphql<{ viewer: { login: string } }>('{ viewer { login } }')).viewer;
    // Only installations of apps come here, and at their comments the REST API names them so; GraphQL does not everywhere.
    return login.endsWith('[bot]') ? login : `${login}[bot]`;
  }
}
