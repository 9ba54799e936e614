import { renderMarkdown } from '@repo/gates/report/render-markdown';
import { createRegistry } from '@repo/registry/registry';
import { verifyCommitted } from '@repo/registry/verify-committed';
import { readChampionBytes, targetOf } from '../champion-change.ts';
import { alreadyChampion, movedOutcome, proposedOutcome } from '../champion-outcome.ts';
import type { Context } from '../context.ts';
import { type ChampionMove, moveChampion } from '../move-champion.ts';
import type { Outcome } from '../outcome.ts';
import { type PassingReport, passingReport } from '../passing-report.ts';
import { proposeChampion } from '../propose-champion.ts';
import { readProposal } from '../retrain/proposal.ts';

export interface PromoteOptions {
  /** Number in the registry. */
  version: number;
  /** What stands above the report in the pull request: Markdown. Default nothing. */
  why?: string;
}

function bodyOf({ target, before }: ChampionMove, { report, verdict }: PassingReport, why: string | undefined): string {
  const from = before === null ? 'There is no champion yet.' : `Now: version ${before.version}, ${before.digest}.`;
  const footer = `Proposed: version ${target.version}, ${target.digest}. ${from} Merging this promotes it; reverting the merge rolls back.`;
  return `${why === undefined ? '' : `${why}\n`}${renderMarkdown(report, verdict)}\n${footer}\n`;
}

/**
 * `causeway promote <model> --version <n>`: makes a version the champion that its attached report lets pass today, compared with the champion
 * of now. With GITHUB_TOKEN and GITHUB_REPOSITORY it opens the pull request that does so; else it changes this checkout and the registry.
 * Throws StageFailure with the reason for a version that may not be promoted, InputError for one that does not exist or whose report is damaged.
 */
export async function promoteVerb(context: Context, name: string, { version, why }: PromoteOptions): Promise<Outcome> {
  const { workspace, stateUrl, progress, nowUs } = context;
  const modelDir = workspace.modelDir(name);
  const access = context.githubAccess();
  const registry = createRegistry(stateUrl, workspace.root);
  const beforeBytes = await readChampionBytes(modelDir);
  const before = await verifyCommitted(modelDir);
  if (before !== null) await registry.importVersion(name, before.version, before.dir);
  const bundle = await registry.openBundle(name, version);
  if (before?.version === version) return alreadyChampion(registry, before);
  const passing = await passingReport(registry, { model: name, version, digest: bundle.digest }, before, nowUs / 1000);
  // What stands beside the bundle is what was weighed, whatever was attached since.
  const weighed = new Map([['report.json', passing.content] as const]);
  const target = await targetOf(registry, modelDir, version, bundle, weighed);
  const move: ChampionMove = { model: name, modelDir, before, beforeBytes, target };
  if (access !== null) {
    const pull = await proposeChampion(access, progress, 'promotion', move, bodyOf(move, passing, why));
    return proposedOutcome(move, pull);
  }
  await moveChampion(registry, move);
  return movedOutcome(move);
}

/**
 * `causeway promote <model> --proposal <folder>`: the same for the version that `causeway retrain --out` laid into a folder, with nothing but that folder:
 * a job that may write on GitHub need not reach the state.
 */
export async function promoteProposal(context: Context, name: string, folder: string): Promise<Outcome> {
  const { version, why } = await readProposal(folder, name);
  return promoteVerb({ ...context, stateUrl: `file:${folder}` }, name, { version, why });
}
