import { type WorkflowFile, workflowFiles } from './workflow-files.ts';
import type { Rule, Workspace } from './workspace.ts';

/** GitHub's `bash`, when named, stops at the first failure, in a pipe too; the shell that it takes unasked does not. */
const isBash = (shell: string | undefined): boolean => shell === 'bash';

/** Groups of jobs that change what stands in the world: a release, a deployment. */
const ofReleases = /^(?:release|deploy)\b/;

/** Without `queue: max` GitHub keeps one run waiting and drops the one that waited before. */
function dropsReleases({ body, jobs }: WorkflowFile): boolean {
  const all = [body.concurrency, ...jobs.map(([, { concurrency }]) => concurrency)];
  return all.some((one) => {
    const { group = '', queue, ...rest } = typeof one === 'string' ? { group: one } : (one ?? {});
    return ofReleases.test(group) && (rest['cancel-in-progress'] !== false || queue !== 'max');
  });
}

function problems(file: WorkflowFile): string[] {
  const { path, body, kind, jobs, steps } = file;
  const found: string[] = [];
  if (kind === 'workflow' && body.concurrency === undefined)
    found.push('says what may run beside it: concurrency, with a group');
  if (dropsReleases(file))
    found.push(
      'leaves out a release or a deployment when another follows; write cancel-in-progress: false and queue: max',
    );
  for (const [name, job] of jobs) {
    if (job.steps !== undefined && typeof job['timeout-minutes'] !== 'number')
      found.push(`job ${name} has no timeout-minutes; GitHub waits six hours`);
  }
  const shells = kind === 'action' ? steps.filter(({ run }) => run !== undefined) : [];
  if (kind === 'action' ? !shells.every(({ shell }) => isBash(shell)) : !isBash(body.defaults?.run?.shell))
    found.push(
      `runs in a shell that hides a failure in a pipe; write ${kind === 'action' ? '' : 'defaults: run: '}shell: bash`,
    );
  if (
    kind !== 'action' &&
    [...steps, ...jobs.map(([, job]) => job.defaults?.run ?? {})].some(({ shell = 'bash' }) => !isBash(shell))
  )
    found.push('leaves bash for another shell; keep the default');
  const checkouts = steps.filter(({ uses = '' }) => uses.startsWith('actions/checkout@'));
  if (checkouts.some((step) => step.with?.['persist-credentials'] !== false))
    found.push(
      'leaves its token in the checkout, where every later step can read it; write persist-credentials: false',
    );
  return found.map((what) => `${path}: ${what}`);
}

const check = (workspace: Workspace): string[] => workflowFiles(workspace).flatMap(problems);

/** Workflows end in time, do not run into each other, notice failures and leave no token lying about. */
export const workflowLimits: Rule = { name: 'workflow-limits', check };
