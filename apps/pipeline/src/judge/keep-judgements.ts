import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder, replaceFile } from '@repo/registry/durable-write';
import type { Judged } from './create-judge.ts';

/** Judgements of one canary that are kept; the oldest go first. At a look a minute that is a day. */
const most = 1440;

/**
 * Returns what keeps judgements as files, with the evidence and the policy that each rests on, so that each can be judged again:
 * `<dir>/judgements/<model>/<canary hash>/<time>.json`. A file is there whole or not at all. Resolves with its path.
 */
export function keepJudgements(dir: string): (judged: Judged) => Promise<string> {
  return async (judged) => {
    const { model, canary, at } = judged.judgement;
    const folder = join(dir, 'judgements', model, canary.podHash);
    await makeFolder(folder);
    const path = join(folder, `${at.replace(/[-:.]/g, '')}.json`);
    await replaceFile(path, Buffer.from(`${JSON.stringify(judged)}\n`));
    const names = (await readdir(folder)).filter((name) => name.endsWith('.json')).sort();
    await Promise.all(names.slice(0, Math.max(0, names.length - most)).map((name) => rm(join(folder, name))));
    return path;
  };
}
