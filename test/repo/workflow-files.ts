import { parseDocument } from 'yaml';
import type { Workspace } from './workspace.ts';

/** One step of a job or of a composite action. */
export interface Step {
  uses?: string;
  run?: string;
  if?: string | boolean;
  'continue-on-error'?: unknown;
  shell?: string;
  with?: Record<string, unknown>;
}

/** What may run beside what; a text is the name of the group. */
type Concurrency = string | { group?: string; 'cancel-in-progress'?: unknown; queue?: unknown };

/** One job: it has steps, or calls another workflow with `uses`. */
export interface Job {
  uses?: string;
  with?: Record<string, unknown>;
  steps?: Step[];
  if?: string;
  needs?: string | string[];
  permissions?: unknown;
  environment?: unknown;
  strategy?: { matrix?: Record<string, string[]> };
  secrets?: unknown;
  defaults?: { run?: { shell?: string } };
  'timeout-minutes'?: number;
  concurrency?: Concurrency;
  'continue-on-error'?: unknown;
}

/** What may be given to or is answered by a workflow or an action. */
type Declared = Record<string, { description?: string; required?: boolean; default?: unknown }>;

interface Body {
  on?: Record<string, { inputs?: Declared; outputs?: Declared } | null>;
  permissions?: unknown;
  concurrency?: Concurrency;
  defaults?: { run?: { shell?: string } };
  jobs?: Record<string, Job>;
  /** Of an action. */
  inputs?: Declared;
  outputs?: Declared;
  runs?: { steps?: Step[] };
}

/** A file below `.github/workflows` or `.github/actions`. */
export interface WorkflowFile {
  path: string;
  text: string;
  body: Body;
  kind: 'workflow' | 'reusable' | 'action';
  /** Those of a workflow, by name; an action has none. */
  jobs: [string, Job][];
  /** All steps, of whatever job. */
  steps: Step[];
}

const isWorkflow = (path: string): boolean => /^\.github\/workflows\/[^/]+\.ya?ml$/.test(path);
const isAction = (path: string): boolean => /^\.github\/actions\/.+\/action\.ya?ml$/.test(path);

/** Every workflow and composite action of a workspace. A file that is no YAML counts as empty here: GitHub's own parser says so. */
export function workflowFiles({ files, text }: Workspace): WorkflowFile[] {
  return files
    .filter((path) => isWorkflow(path) || isAction(path))
    .map((path) => {
      const body = (parseDocument(text(path)).toJS() ?? {}) as Body;
      const events = Object.keys(body.on ?? {});
      const jobs = Object.entries(body.jobs ?? {});
      const steps = isAction(path) ? (body.runs?.steps ?? []) : jobs.flatMap(([, job]) => job.steps ?? []);
      const kind = isAction(path) ? 'action' : events.join() === 'workflow_call' ? 'reusable' : 'workflow';
      return { path, text: text(path), body, kind, jobs, steps };
    });
}
