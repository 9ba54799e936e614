import { readdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeFolder, replaceFile } from '@repo/registry/durable-write';
import type { Judged } from './create-judge.ts';

/** Judgements of one canary that are kept; the oldest go first. At a look a minute that is a day. */
const most = 1440;

/** Canaries of a model whose judgements are kept; the folder of a pod is small. */
const mostCanaries = 20;

/** Removes the judgements of all but the canaries that were judged last, the present one among them. */
async function forgetOldCanaries(folder: string): Promise<void> {
  const parent = dirname(folder);
  const canaries = await Promise.all(
    (await readdir(parent)).map(async (name) => ({ name, ms: (await stat(join(parent, name))).mtimeMs })),
  );
  const old = canaries.sort((a, b) => b.ms - a.ms).slice(mostCanaries);
  await Promise.all(old.map(({ name }) => rm(join(parent, name), { recursive: true, force: true })));
}

/**
 * Returns what keeps judgements as files, with the evidence and the policy that each rests on, so that each can be judged again:
 * `<dir>/judgements/<model>/<canary hash>/<time>.json`, of the last 20 canaries. A file is there whole or not at all. Resolves with its path.
 */
export function keepJudgements(dir: string): (judged: Judged) => Promise<string> {
  return async (judged) => {
    const { model, canary, at } = judged.judgement;
    const folder = join(dir, 'judgements', model, canary.podHash);
    await makeFolder(folder);
    const path = join(folder, `${at.replace(/[-:.]/g, '')}.json`);
    await replaceFile(path, Buffer.from(`${JSON.stringify(judged)}\n`));
    const names = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort();
    await forgetOldCanaries(folder);
    await Promise.all(names.slice(0, Math.max(0, names.length - most)).map((name) => rm(join(folder, name))));
    return path;
  };
}
