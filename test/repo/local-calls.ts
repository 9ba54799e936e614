import { type Job, type WorkflowFile, workflowFiles } from './workflow-files.ts';
import type { Rule, Workspace } from './workspace.ts';

const declaredBy = ({ body }: WorkflowFile) => {
  const call = body.on?.workflow_call ?? body;
  return { inputs: call.inputs ?? {}, outputs: call.outputs ?? {} };
};

function descriptions(file: WorkflowFile): string[] {
  const { inputs, outputs } = declaredBy(file);
  return Object.entries({ ...inputs, ...outputs })
    .filter(([, { description = '' }]) => description === '')
    .map(([name]) => `${file.path}: ${name} has no description; say what it is`);
}

/** What is wrong with a call of `./<path>`. GitHub itself ignores an input of a local action that is not there. */
function callProblems(path: string, target: WorkflowFile | undefined, uses: string, given: string[]): string[] {
  if (target === undefined) return [`${path}: ${uses} does not exist; correct the path`];
  const { inputs } = declaredBy(target);
  const unknown = given.filter((name) => !(name in inputs)).map((name) => `takes no ${name}`);
  const needed = Object.entries(inputs).filter(([, one]) => one.required === true && one.default === undefined);
  const missing = needed.filter(([name]) => !given.includes(name)).map(([name]) => `needs ${name}`);
  return [...unknown, ...missing].map((what) => `${path}: ${uses} ${what}; correct what stands under with`);
}

const scopesOf = ({ permissions }: Pick<Job, 'permissions'>): [string, string][] =>
  permissions !== null && typeof permissions === 'object' ? Object.entries(permissions as Record<string, string>) : [];

/** What jobs of a called workflow ask for and the job that calls it does not grant. GitHub then starts nothing of the whole run. */
function grantProblems(path: string, name: string, job: Job, target: WorkflowFile | undefined): string[] {
  const granted = new Map(scopesOf(job));
  const asked = new Set((target?.jobs ?? []).flatMap(([, inner]) => scopesOf(inner)).map((one) => one.join(': ')));
  return [...asked]
    .filter((one) => {
      const [scope = '', access] = one.split(': ');
      const has = granted.get(scope);
      return has !== 'write' && (access === 'write' || has !== 'read');
    })
    .map((one) => `${path}: ${job.uses} asks for ${one}, which job ${name} does not grant; add it to its permissions`);
}

function check(workspace: Workspace): string[] {
  const files = workflowFiles(workspace);
  const targetOf = (uses: string) =>
    files.find(({ path }) => path === uses.slice(2) || path.replace(/\/action\.ya?ml$/, '') === uses.slice(2));
  return files.flatMap((file) => {
    const calls = [...file.steps, ...file.jobs.map(([, job]) => job)].filter(({ uses = '' }) => uses.startsWith('./'));
    return [
      ...descriptions(file),
      ...calls.flatMap(({ uses = '', with: given = {} }) =>
        callProblems(file.path, targetOf(uses), uses, Object.keys(given)),
      ),
      ...file.jobs
        .filter(([, { uses = '' }]) => uses.startsWith('./'))
        .flatMap(([name, job]) => grantProblems(file.path, name, job, targetOf(job.uses ?? ''))),
    ];
  });
}

/** Calls within this repository reach something, fit what it declares and grant what it asks for; what it declares is described. */
export const localCalls: Rule = { name: 'local-calls', check };
