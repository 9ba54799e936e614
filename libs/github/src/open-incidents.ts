import type { Github } from './create-github.ts';

/** An issue that says that something is wrong with a model or its data. */
export interface OpenIncident {
  readonly number: number;
  readonly title: string;
  /** ISO 8601. */
  readonly openedAt: string;
}

/** Labels of such issues: people's own, and those of releases that were rolled back. */
const kinds: readonly string[] = ['incident', 'rollback'];

/** The open issues that are labelled with a model's name and as an incident, oldest first. */
export function openIncidents(github: Github, model: string): Promise<OpenIncident[]> {
  const { octokit, owner, repo } = github;
  return github.ask('issues: read', async () => {
    const page = { owner, repo, state: 'open', labels: model, per_page: 100 } as const;
    const issues = await octokit.paginate(octokit.rest.issues.listForRepo, page);
    return issues
      .filter(({ pull_request: pull, labels }) => {
        const names = labels.map((label) => (typeof label === 'string' ? label : (label.name ?? '')));
        return pull === undefined && names.some((name) => kinds.includes(name));
      })
      .map(({ number, title, created_at: openedAt }) => ({ number, title, openedAt }))
      .sort((a, b) => a.number - b.number);
  });
}
