import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { InputError, show } from '@repo/contract/input-error';
import { championSchema } from '@repo/contract/manifest';
import { readBundle } from '@repo/registry/read-bundle';
import { verifyCommitted } from '@repo/registry/verify-committed';
import { committedReleases } from '../champion-change.ts';
import type { Context } from '../context.ts';
import type { ChampionBundle } from './champion-bundle.ts';

/** What a branch is to be judged by. */
export interface Comparison {
  /** Folder of the candidate; null for what is trained from this checkout. */
  candidate: string | null;
  champion: ChampionBundle | null;
}

const mostBytes = 512 * 2 ** 20;
const run = promisify(execFile);

/** What git answers in the workspace, whose paths it takes as relative to it. */
async function git(root: string, ...args: string[]): Promise<Buffer> {
  return (await run('git', args, { cwd: root, encoding: 'buffer', maxBuffer: mostBytes })).stdout;
}

const lines = (text: Buffer, end: string): string[] => text.toString().split(end).filter(Boolean);

async function requireCommit(root: string, revision: string): Promise<string> {
  try {
    const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`];
    return (await git(root, ...args)).toString().trim();
  } catch {
    throw new InputError({
      path: '--base',
      received: show(revision),
      allowed: 'a commit of this checkout',
      action: 'fetch it (in a job: fetch-depth: 0), or correct it',
    });
  }
}

/** The champion that a commit has, verified; null where it has none. */
async function championAt(root: string, commit: string, model: string): Promise<ChampionBundle | null> {
  const folder = await mkdtemp(join(tmpdir(), 'base-'));
  try {
    const names = ['champion.json', 'release'].map((name) => `models/${model}/${name}`);
    for (const path of lines(await git(root, 'ls-tree', '-r', '-z', '--name-only', commit, '--', ...names), '\0')) {
      const copy = join(folder, path);
      await mkdir(dirname(copy), { recursive: true });
      await writeFile(copy, await git(root, 'show', `${commit}:./${path}`));
    }
    return await verifyCommitted(join(folder, 'models', model));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Digests of every champion that a model had up to a commit. */
async function championsUpTo(root: string, commit: string, model: string): Promise<ReadonlySet<string>> {
  const path = `models/${model}/champion.json`;
  const digests = new Set<string>();
  for (const one of lines(await git(root, 'log', '--format=%H', commit, '--', path), '\n')) {
    // The commit that took it away, or broke it, has none.
    const content = await git(root, 'show', `${one}:./${path}`).catch(() => Buffer.from('{}'));
    const { data } = championSchema.safeParse(jsonOf(content));
    if (data !== undefined) digests.add(data.digest);
  }
  return digests;
}

function jsonOf(content: Buffer): unknown {
  try {
    return JSON.parse(content.toString());
  } catch {
    return null;
  }
}

/** A release that never was the champion is what nobody judged, and yet what a rollback in a fresh clone might take. */
async function requireJudged(modelDir: string, known: ReadonlySet<string>): Promise<void> {
  for (const version of await committedReleases(modelDir)) {
    const { dir, digest } = await readBundle(join(modelDir, 'release', String(version)));
    if (known.has(digest)) continue;
    throw new InputError({
      path: dir,
      received: `${digest}, which never was the champion`,
      allowed: 'the champion, and releases that were',
      action: 'restore it from git, or take it out; causeway promote brings a version in',
    });
  }
}

/**
 * How to judge a branch, whatever it says of itself: against the champion of the commit that it is to be merged into, as its own
 * champion.json may name a weaker one. A champion that was none before is itself the candidate; one that was is a rollback, and the candidate is
 * what is trained from the checkout. Throws InputError for an unknown commit, a branch that takes the champion away or brings in another
 * release, and damaged files.
 */
export async function againstBase({ workspace }: Context, model: string, revision: string): Promise<Comparison> {
  const { root } = workspace;
  const modelDir = workspace.modelDir(model);
  const commit = await requireCommit(root, revision);
  const champion = await championAt(root, commit, model);
  const proposed = await verifyCommitted(modelDir);
  if (proposed === null && champion !== null)
    throw new InputError({
      path: `models/${model}/champion.json`,
      received: 'nothing',
      allowed: `a champion: ${show(revision)} has version ${champion.version}`,
      action: 'restore it, or promote another version: without one nothing would be compared',
    });
  const former = await championsUpTo(root, commit, model);
  await requireJudged(modelDir, proposed === null ? former : new Set([...former, proposed.digest]));
  const isNew = proposed !== null && !former.has(proposed.digest);
  return { candidate: isNew ? proposed.dir : null, champion };
}
