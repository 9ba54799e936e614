import type { Github } from './create-github.ts';
import { createOnce } from './create-once.ts';
import { statusOf } from './github-error.ts';
import { withinLimit } from './github-limits.ts';
import { ownLogin } from './own-login.ts';

/** First line of our comment, which GitHub does not show. */
const marker = '<!-- causeway:gates -->';
const needs = 'pull-requests: write';
/** Sent once; {@link createOnce} decides what comes after. */
const request = { retries: 0 };

interface OwnComment {
  readonly id: number;
  readonly body: string;
  readonly url: string;
}

interface ApiComment {
  readonly id: number;
  readonly body?: string | undefined;
  readonly html_url: string;
  readonly user: { readonly login: string } | null;
}

const toOwn = ({ id, body = '', html_url: url }: ApiComment): OwnComment => ({ id, body, url });

/** Our comments, oldest first. One that merely quotes the marker, or that somebody else began with it, is not ours. */
async function ownComments({ octokit, owner, repo }: Github, number: number, login: string): Promise<OwnComment[]> {
  const page = { owner, repo, issue_number: number, per_page: 100 };
  const comments: ApiComment[] = await octokit.paginate(octokit.rest.issues.listComments, page);
  const own = comments.filter(({ body, user }) => user?.login === login && body?.startsWith(marker));
  return own.map(toOwn).sort((a, b) => a.id - b.id);
}

async function remove({ octokit, owner, repo }: Github, id: number): Promise<void> {
  try {
    await octokit.rest.issues.deleteComment({ owner, repo, comment_id: id });
  } catch (error) {
    // Whoever wrote at the same moment took it away as well.
    if (statusOf(error) !== 404) throw error;
  }
}

/**
 * Writes the one comment that carries `body` (Markdown, made inert and within GitHub's limit by its renderer) on a pull request: the first
 * time it is created, from then on changed in place. Two that do so at once end with one comment: the older stays, the younger is taken
 * away. With `onlyIfThere` none is created. Answers where it stands, or null. Throws InputError for what GitHub refuses.
 */
export function upsertComment(
  github: Github,
  number: number,
  body: string,
  { onlyIfThere = false }: { onlyIfThere?: boolean } = {},
): Promise<{ id: number; url: string } | null> {
  const { octokit, owner, repo } = github;
  const text = withinLimit(`${marker}\n${body}`);
  return github.ask(needs, async () => {
    const login = await ownLogin(github);
    const list = () => ownComments(github, number, login);
    const comment = { owner, repo, issue_number: number, body: text, request };
    const find = async () => (await list())[0] ?? null;
    const create = async () => toOwn((await octokit.rest.issues.createComment(comment)).data);
    const written = await (onlyIfThere ? find() : createOnce(find, create));
    const [first = written, ...others] = await list();
    for (const { id } of others) await remove(github, id);
    if (first === null) return null;
    if (first.body !== text) await octokit.rest.issues.updateComment({ owner, repo, comment_id: first.id, body: text });
    return { id: first.id, url: first.url };
  });
}
