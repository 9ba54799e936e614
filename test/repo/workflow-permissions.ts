import { type WorkflowFile, workflowFiles } from './workflow-files.ts';
import type { Rule, Workspace } from './workspace.ts';

/** The workflows that may write, and what: none of them runs code of a pull request. */
const writers: Readonly<Record<string, readonly string[]>> = {
  '.github/workflows/report.yml': ['checks', 'pull-requests'],
  '.github/workflows/build-image.yml': ['attestations', 'id-token', 'packages'],
  '.github/workflows/deploy.yml': ['id-token'],
  '.github/workflows/image.yml': ['attestations', 'id-token', 'packages'],
};

/** Who may write a scope, for a message. */
const writersOf = (scope: string): string =>
  Object.keys(writers)
    .filter((path) => writers[path]?.includes(scope))
    .join(' and ') || 'no workflow';

const granted = /^ *([a-z]+(?:-[a-z]+)*): *(read|write)\b *(.*)$/gm;
const scopes = new Set(
  'actions attestations checks contents deployments discussions id-token issues models packages pages pull-requests security-events statuses'.split(
    ' ',
  ),
);

function problems({ path, text, body, jobs }: WorkflowFile): string[] {
  const found: string[] = [];
  if (JSON.stringify(body.permissions) !== '{}') found.push('take everything first: permissions: {}');
  for (const [name, { permissions }] of jobs) {
    if (permissions === null || typeof permissions !== 'object')
      found.push(`job ${name} lists what it needs: permissions, a map of scopes`);
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

/** A workflow has no permission, each of its jobs those that it needs with the reason on the line, and few may write. */
export const workflowPermissions: Rule = { name: 'workflow-permissions', check };
