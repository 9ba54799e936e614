import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { judgeDeclared } from '@repo/components/policies/judge-declared';
import { type Suppression, suppressionsSchema } from '@repo/components/policies/suppression';
import { toStack } from '@repo/components/stack';
import { InputError } from '@repo/contract/input-error';
import { parseOrThrow } from '@repo/contract/parse';
import type { PreviewReport } from '@repo/contract/preview-report';
import { checkOutBase, isCommit } from './base-workspace.ts';
import { changesBetween } from './changes-between.ts';
import { hideSecrets } from './hide-secrets.ts';
import { renderAll } from './render-all.ts';
import { checkProgram, createRenderer, type Renderer } from './render-program.ts';
import type { Rendered } from './rendered.ts';

export interface PreviewOptions {
  /** Folder of the workspace. */
  readonly root: string;
  readonly programs: readonly string[];
  readonly stacks: readonly string[];
  /** Commit to compare with; null for none, which shows everything as added. */
  readonly base: string | null;
  /** Day by which suppressions are weighed, such as 2026-11-28. */
  readonly today: string;
}

type ProgramReport = PreviewReport['programs'][number];

/** What a program bears for a while; nothing where it says nothing. Throws InputError for a malformed file. */
export function readSuppressions(root: string, program: string): Suppression[] {
  const name = `infra/${program}/suppressions.json`;
  const path = join(root, name);
  if (!existsSync(path)) return [];
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    throw new InputError({ path: name, received: 'no JSON', allowed: 'a list of suppressions', action: 'correct it' });
  }
  return parseOrThrow(suppressionsSchema, json, name);
}

/** What the other side looked like. A program that was not there, or that cannot be rendered, has no rendering. */
async function renderBase(options: PreviewOptions): Promise<{ renderings: Rendered[]; problem: string | null }> {
  if (options.base === null) return { renderings: [], problem: null };
  // Where there was no commit before, GitHub names one of zeros; after a forced push, one that is gone.
  if (/^[0-9a-f]{40}$/.test(options.base) && !isCommit(options.root, options.base))
    return { renderings: [], problem: 'it is no commit of this checkout' };
  const workspace = checkOutBase(options.root, options.base);
  try {
    const there = options.programs.filter((one) => existsSync(join(workspace.root, 'infra', one, 'Pulumi.yaml')));
    const results = await renderAll(createRenderer(workspace.root), there, options.stacks);
    const problems = results.flatMap((one) => ('problem' in one ? [one.problem] : []));
    const renderings = results.flatMap((one) => ('problem' in one ? [] : [hideSecrets(one)]));
    return { renderings, problem: problems.length === 0 ? null : problems.join('\n').slice(0, 4000) };
  } finally {
    workspace.remove();
  }
}

function reportOf(after: Rendered, before: Rendered | null, { root, today }: PreviewOptions): ProgramReport {
  const { program, stack, resources } = after;
  try {
    const declared = { program, stack: toStack(stack), resources };
    const { violations, borne } = judgeDeclared(declared, readSuppressions(root, program), today);
    const { changes, leftOut } = changesBetween(before, hideSecrets(after));
    return {
      program,
      stack,
      resources: resources.length,
      changes,
      leftOut,
      violations: [...violations],
      borne: [...borne],
    };
  } catch (error) {
    if (error instanceof InputError) return { program, stack, problem: error.message.slice(0, 4000) };
    throw error;
  }
}

/** Throws InputError for a program or a stack that does not exist: whoever asks has misspelt it. */
function checkNames({ root, programs, stacks }: PreviewOptions): void {
  for (const stack of stacks) toStack(stack);
  for (const program of programs) checkProgram(root, program);
}

/**
 * Renders programs for stacks, compares them with what they were at a commit and runs the policies. A program that fails stands in the
 * report with its reason. Throws InputError for a program, a stack or a base that does not exist.
 */
export async function previewPrograms(
  options: PreviewOptions,
  renderer: Renderer = createRenderer(options.root),
): Promise<PreviewReport> {
  checkNames(options);
  const base = await renderBase(options);
  const results = await renderAll(renderer, options.programs, options.stacks);
  const programs = results.map((one): ProgramReport => {
    if ('problem' in one) return one;
    const before = base.renderings.find(({ program, stack }) => program === one.program && stack === one.stack);
    return reportOf(one, before ?? null, options);
  });
  return {
    schemaVersion: 1,
    base: options.base === null ? null : { commit: options.base, problem: base.problem },
    programs,
  };
}
