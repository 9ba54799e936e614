import { type Job, type WorkflowFile, workflowFiles } from './workflow-files.ts';
import type { Rule, Workspace } from './workspace.ts';

/** What a release needs, over all of its jobs. */
const releaseScopes = ['attestations', 'contents', 'id-token', 'issues', 'packages', 'pull-requests'];

/** The workflows that may write, and what: none of them runs code of a pull request. */
const writers: Readonly<Record<string, readonly string[]>> = {
  '.github/workflows/report.yml': ['checks', 'pull-requests'],
  '.github/workflows/build-image.yml': ['attestations', 'id-token', 'packages'],
  '.github/workflows/deploy.yml': ['id-token'],
  '.github/workflows/release-environment.yml': releaseScopes,
  '.github/workflows/release-model.yml': releaseScopes,
  '.github/workflows/retrain.yml': ['contents', 'id-token', 'pull-requests'],
  '.github/workflows/retrain-model.yml': ['contents', 'id-token', 'pull-requests'],
  '.github/workflows/image.yml': ['attestations', 'id-token', 'packages'],
};

/** Who may write a scope, for a message. */
const writersOf = (scope: string): string =>
  Object.keys(writers)
    .filter((path) => writers[path]?.includes(scope))
    .join(' and ') || 'no workflow';

/** Whether a job takes a role outside of GitHub and may change what stands on GitHub: what it meets in the one place could act in the other. */
function reachesBoth({ permissions, steps }: Job): boolean {
  const may = (permissions ?? {}) as Record<string, unknown>;
  const writes = ['contents', 'issues', 'pull-requests'].some((scope) => may[scope] === 'write');
  return steps !== undefined && may['id-token'] === 'write' && writes;
}

const granted = /^ *([a-z]+(?:-[a-z]+)*): *(read|write)\b *(.*)$/gm;
const scopes = new Set(
  'actions attestations checks contents deployments discussions id-token issues models packages pages pull-requests security-events statuses'.split(
    ' ',
  ),
);

function problems({ path, text, body, jobs }: WorkflowFile): string[] {
  const found: string[] = [];
  if (JSON.stringify(body.permissions) !== '{}') found.push('take everything first: permissions: {}');
  for (const [name, job] of jobs) {
    const { permissions } = job;
    if (permissions === null || typeof permissions !== 'object')
      found.push(`job ${name} lists what it needs: permissions, a map of scopes`);
    if (reachesBoth(job))
      found.push(`job ${name} takes a role and writes on GitHub; make two jobs of it, with a file between them`);
  }
  for (const [, scope = '', access, comment = ''] of text.matchAll(granted)) {
    if (!scopes.has(scope)) continue;
    if (!/^# \S/.test(comment)) found.push(`${scope}: ${access} says on its line what for: # <reason>`);
    if (access === 'write' && !writers[path]?.includes(scope))
      found.push(`${scope}: write is for ${writersOf(scope)} only`);
  }
  return found.map((what) => `${path}: ${what}`);
}

const check = (workspace: Workspace): string[] =>
  workflowFiles(workspace)
    .filter(({ kind }) => kind !== 'action')
    .flatMap(problems);

/** A workflow has no permission, each of its jobs those that it needs with the reason on the line; few may write, and none here and elsewhere. */
export const workflowPermissions: Rule = { name: 'workflow-permissions', check };
