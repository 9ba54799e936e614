import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { type RunOptions, runWorkflow, type WorkflowRun } from './run-workflow.ts';

interface Board {
  jobs: Record<string, object>;
}

/** What became of a job of the board, be it one of several by a matrix or one that calls a workflow: all of its runs together. */
function resultOf(job: string, { jobs }: WorkflowRun): 'success' | 'failure' | 'skipped' {
  const results = Object.entries(jobs).filter(
    ([name]) => name === job || name.startsWith(`${job} `) || name.startsWith(`${job}/`),
  );
  if (results.length === 0) return 'skipped';
  return results.every(([, result]) => result === 'success') ? 'success' : 'failure';
}

const standInFor = (result: string): object => ({
  'runs-on': 'ubuntu-latest',
  ...(result === 'skipped' ? { if: false } : {}),
  steps: [{ run: result === 'failure' ? 'exit 1' : 'echo done' }],
});

/**
 * Lets the job `required` have its say where act did not: act stops when a called workflow has failed, and starts no job after it,
 * which GitHub does. The job is run as it stands in the board of the checkout, after jobs that end as the others ended.
 */
export async function finishBoard(options: RunOptions, run: WorkflowRun): Promise<WorkflowRun> {
  if ('required' in run.jobs) return run;
  const folder = join(options.checkout, '.github/workflows');
  const board = parse(readFileSync(join(folder, options.workflow), 'utf8')) as Board;
  const jobs = Object.fromEntries(
    Object.entries(board.jobs).map(([name, job]) => [
      name,
      name === 'required' ? job : standInFor(resultOf(name, run)),
    ]),
  );
  writeFileSync(join(folder, 'rest-of-board.yml'), stringify({ ...board, jobs }));
  const rest = await runWorkflow({ ...options, workflow: 'rest-of-board.yml' });
  const { required = 'skipped' } = rest.jobs;
  return { ...run, jobs: { ...run.jobs, required }, output: `${run.output}\n${rest.output}` };
}
