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

const fromHere = '(github.event.pull_request.head.repo.full_name || github.repository) == github.repository';

/** What a pull request could use to be taken for better than it is. */
function judgedByItself({ kind, body, steps }: WorkflowFile): string[] {
  const found: string[] = [];
  if (steps.some((step) => /^actions\/cache[@/]/.test(step.uses ?? '') && !String(step.if ?? '').includes(fromHere)))
    found.push(
      `restores what an earlier push of a stranger may have kept, in place of its last one; ask if: ${fromHere}`,
    );
  const ofBranches = kind === 'reusable' || 'pull_request' in (body.on ?? {});
  if (ofBranches && steps.some(({ run = '' }) => /causeway gate\b(?!.*--base "\$\w+")/.test(run)))
    found.push(
      'compares with the champion that the branch names; give causeway gate the commit of the base: --base "$BASE"',
    );
  return found;
}

function problems(file: WorkflowFile): string[] {
  const { path, text, body, jobs, steps } = file;
  const found = [...('workflow_run' in (body.on ?? {}) ? borrowedRights(steps) : []), ...judgedByItself(file)];
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
