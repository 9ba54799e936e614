import { type Step, type WorkflowFile, workflowFiles } from './workflow-files.ts';
import type { Rule, Workspace } from './workspace.ts';

/** What a workflow must not do that runs with the rights of main because another run, of a stranger perhaps, has ended. */
function borrowedRights(steps: readonly Step[]): string[] {
  const found: string[] = [];
  for (const { uses = '', with: given = {} } of steps) {
    if (uses.startsWith('actions/checkout@') && ('ref' in given || 'repository' in given))
      found.push('checks out what it is told to; with these rights only main runs: leave ref and repository out');
    if (uses.startsWith('actions/download-artifact@') && !/^\$\{\{ runner\.temp \}\}\//.test(String(given.path)))
      found.push('unpacks an artifact over its own code; give it a path below runner.temp');
  }
  return found;
}

function problems({ path, text, body, jobs, steps }: WorkflowFile): string[] {
  const found: string[] = 'workflow_run' in (body.on ?? {}) ? borrowedRights(steps) : [];
  // Whatever the expression: what it answers is pasted into the script before a shell reads it, quotes or not.
  if (steps.some(({ run = '' }) => run.includes('${{')))
    found.push('an expression within run becomes program text; hand it over in env and name the variable in quotes');
  if ('pull_request_target' in (body.on ?? {}))
    found.push(
      'pull_request_target runs with the rights of main for anybody; use pull_request, and workflow_run to write',
    );
  if (jobs.some(([, { secrets }]) => secrets === 'inherit'))
    found.push('secrets: inherit hands over all of them; name those that are needed');
  for (const [ignored = '', reason = ''] of text.matchAll(
    /# *(?:zizmor|actionlint|shellcheck)\b[^\n]*?(?:ignore|disable)\S*(.*)$/gm,
  )) {
    if (!/\w{3}/.test(reason)) found.push(`${ignored.trim()} says no reason; write it behind`);
  }
  return found.map((what) => `${path}: ${what}`);
}

const check = (workspace: Workspace): string[] => workflowFiles(workspace).flatMap(problems);

/** Nothing that a stranger writes becomes code or meets a secret, and what a linter is told to overlook has its reason. */
export const workflowTrust: Rule = { name: 'workflow-trust', check };
