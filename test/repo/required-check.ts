import { type Job, workflowFiles } from './workflow-files.ts';
import type { Rule, Workspace } from './workspace.ts';

const board = '.github/workflows/ci.yml';
const ruleset = '.github/rulesets/main.json';
/** App of GitHub Actions: a check of this name that anybody else reports does not count. */
const githubActions = 15368;

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
  return [...unheard.map((name) => `required does not wait for ${name}; add it to needs`), ...deaf];
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
  const file = workflowFiles(workspace).find(({ path }) => path === board);
  if (file === undefined) return [`${board}: is missing`];
  return [
    ...jobProblems(file.jobs).map((what) => `${board}: ${what}`),
    ...rulesetProblems(workspace).map((what) => `${ruleset}: ${what}`),
  ];
}

/** The one check that a merge waits for fails when any job of the board does. */
export const requiredCheck: Rule = { name: 'required-check', check };
