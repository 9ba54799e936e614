import type { Github } from './create-github.ts';
import { createOnce } from './create-once.ts';
import { plainTitle, withinLimit } from './github-limits.ts';
import { ownLogin } from './own-login.ts';

/** Something that went wrong and that people should know of. */
export interface Incident {
  /** What it is about, such as `rollback flight-delay staging v2`: one issue for each. Letters, digits, spaces and `-._:/` only. */
  readonly key: string;
  /** What was seen of it this time, such as a digest; the same again is no news. Of the same letters. */
  readonly evidence: string;
  readonly title: string;
  /** Made where the repository lacks them. The first one is what the issue is found again by, so it stays on it. */
  readonly labels: readonly [string, ...string[]];
}

/** The issue of an incident. */
export interface Issue {
  readonly number: number;
  readonly url: string;
  /** Whether somebody closed it, and nothing was seen since. */
  readonly isClosed: boolean;
  /** As it stands there, without the hidden line. */
  readonly body: string;
}

interface ApiIssue {
  readonly number: number;
  readonly html_url: string;
  readonly state: string;
  readonly body?: string | null | undefined;
  readonly user: { readonly login: string } | null;
  readonly pull_request?: unknown;
}

const needs = 'issues: write';
/** Sent once; {@link createOnce} decides what comes after. */
const request = { retries: 0 };

/** First line of our issue, which GitHub does not show: what it is about, then what was seen. */
const markerOf = ({ key }: Pick<Incident, 'key'>): string => `<!-- causeway:incident ${key} |`;
const firstLine = (incident: Incident): string => `${markerOf(incident)} ${incident.evidence} -->`;
const whole = (incident: Incident, body: string): string => withinLimit(`${firstLine(incident)}\n${body}`);

function checked(incident: Incident): Incident {
  const { key, evidence } = incident;
  for (const text of [key, evidence])
    if (!/^[\w ./:-]{1,200}$/.test(text) || text.includes('--'))
      throw new RangeError(`${text} is no name of an incident`);
  return incident;
}

const toIssue = ({ number, html_url: url, state, body }: ApiIssue): Issue => ({
  number,
  url,
  isClosed: state === 'closed',
  body: (body ?? '').replace(/^[^\n]*\n/, ''),
});

/** Our issue about this, the oldest where there are several. One that merely carries the hidden line but is somebody else's is not ours. */
async function find({ octokit, owner, repo }: Github, incident: Incident, login: string): Promise<ApiIssue | null> {
  const page = { owner, repo, state: 'all', labels: incident.labels[0], per_page: 100 } as const;
  const issues: ApiIssue[] = await octokit.paginate(octokit.rest.issues.listForRepo, page);
  const own = issues.filter(
    ({ body, user, pull_request: pull }) =>
      pull === undefined && user?.login === login && body?.startsWith(markerOf(incident)),
  );
  return own.sort((a, b) => a.number - b.number)[0] ?? null;
}

/**
 * Opens the issue of an incident with `body` (Markdown, made inert by its renderer), or finds the one that is there, whose text stays as it is: see
 * {@link describeIncident}. A closed one is opened again when something new was seen, and left alone otherwise. Needs `issues: write`. Throws
 * InputError for what GitHub refuses, RangeError for a key that could end the hidden line.
 */
export function openIncident(github: Github, incident: Incident, body: string): Promise<Issue> {
  const { octokit, owner, repo } = github;
  const { title, labels } = checked(incident);
  return github.ask(needs, async () => {
    const login = await ownLogin(github);
    const text = { title: plainTitle(title), body: whole(incident, body), labels: [...labels] };
    const create = async (): Promise<ApiIssue> =>
      (await octokit.rest.issues.create({ owner, repo, ...text, request })).data;
    const issue = await createOnce(() => find(github, incident, login), create);
    if (issue.state !== 'closed' || issue.body?.startsWith(firstLine(incident))) return toIssue(issue);
    const again = { owner, repo, issue_number: issue.number, state: 'open', body: text.body } as const;
    return toIssue((await octokit.rest.issues.update(again)).data);
  });
}

/** Makes `body` the text of the issue of an incident; one that is closed, and one that says so already, stay as they are. */
export function describeIncident(github: Github, incident: Incident, issue: Issue, body: string): Promise<void> {
  const { octokit, owner, repo } = github;
  const text = whole(checked(incident), body);
  return github.ask(needs, async () => {
    const there = (await octokit.rest.issues.get({ owner, repo, issue_number: issue.number })).data;
    if (there.state === 'closed' || there.body === text) return;
    await octokit.rest.issues.update({ owner, repo, issue_number: issue.number, body: text });
  });
}
