import { type Job, type WorkflowFile, workflowFiles } from './workflow-files.ts';
import type { Rule, Workspace } from './workspace.ts';

const board = '.github/workflows/ci.yml';
const ruleset = '.github/rulesets/main.json';
/** App of GitHub Actions: a check of this name that anybody else reports does not count. */
const githubActions = 15368;

const unlessAllWell = "contains(needs.*.result, 'failure') || contains(needs.*.result, 'cancelled')";
/** A job without anything to do, or one that shows a pull request what it would change: nothing is merged without having been one. */
const byPlan = /^(github\.event_name == 'pull_request' && )?needs\.plan\.outputs\.\w+ != '[^']*'$/;

interface Ruleset {
  rules: { type: string; parameters?: { required_status_checks?: { context: string; integration_id?: number }[] } }[];
}

function jobProblems(jobs: [string, Job][]): string[] {
  const required = jobs.find(([name]) => name === 'required')?.[1];
  if (required === undefined) return ['has no job required; the branch protection waits for it'];
  const needs = [required.needs ?? []].flat();
  const unheard = jobs.map(([name]) => name).filter((name) => name !== 'required' && !needs.includes(name));
  const deaf =
    required.if === 'always()'
      ? []
      : ['required is skipped when a job before it fails, and skipped counts as passed; write if: always()'];
  const skipped = jobs.filter(
    ([name, { if: when }]) => name !== 'required' && when !== undefined && !byPlan.test(when),
  );
  const judges = (required.steps ?? []).some(
    ({ if: when, run = '' }) => String(when) === unlessAllWell && /\bexit 1$/.test(run.trim()),
  );
  return [
    ...unheard.map((name) => `required does not wait for ${name}; add it to needs`),
    ...deaf,
    ...skipped.map(([name]) => `${name} may be skipped, which counts as passed; only what plan found may decide that`),
    ...(judges
      ? []
      : [`required passes whatever became of the others; give it a step with if: ${unlessAllWell} and exit 1`]),
  ];
}

/** A failure that is told to be none. */
function forgiven({ path, jobs, steps }: WorkflowFile): string[] {
  const all = [...steps, ...jobs.map(([, job]) => job)];
  return all.some((one) => one['continue-on-error'] !== undefined)
    ? [`${path}: continue-on-error hides a failure from required; take it out`]
    : [];
}

function rulesetProblems(workspace: Workspace): string[] {
  if (!workspace.files.includes(ruleset)) return ['is missing'];
  const { rules } = JSON.parse(workspace.text(ruleset)) as Ruleset;
  const checks = rules.flatMap(({ parameters }) => parameters?.required_status_checks ?? []);
  const isRight =
    checks.length === 1 && checks[0]?.context === 'required' && checks[0].integration_id === githubActions;
  return isRight ? [] : [`asks for other checks than required, from GitHub Actions (${githubActions})`];
}

function check(workspace: Workspace): string[] {
  const files = workflowFiles(workspace);
  const file = files.find(({ path }) => path === board);
  if (file === undefined) return [`${board}: is missing`];
  return [
    ...jobProblems(file.jobs).map((what) => `${board}: ${what}`),
    ...files.flatMap(forgiven),
    ...rulesetProblems(workspace).map((what) => `${ruleset}: ${what}`),
  ];
}

/** The one check that a merge waits for fails when any job of the board does. */
export const requiredCheck: Rule = { name: 'required-check', check };
