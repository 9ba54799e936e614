import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type MonitorFindings, monitorFindingsSchema } from '@repo/contract/monitor-findings';
import { parseJson } from '@repo/registry/json-object';
import { openObjects } from '@repo/registry/open-objects';
import type { Context } from '../context.ts';

/** As many moments as any trigger looks back on, and as many again. */
const mostRead = 60;

/** The names below `monitor/<model>/findings` of the state, and how to read one. */
async function openFindings({ stateUrl, workspace }: Context, model: string) {
  const { store, localRoot, isRemote } = openObjects(stateUrl, workspace.root, 'monitor');
  const folder = `${model}/findings`;
  if (isRemote) return { names: await store.list(folder), read: (name: string) => store.get(`${folder}/${name}`) };
  const path = join(localRoot, folder);
  const names = await readdir(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return { names, read: (name: string): Promise<Uint8Array | null> => readFile(join(path, name)) };
}

/**
 * What `causeway monitor` found about a model up to a moment, the newest of it. Throws InputError for a file that is damaged: a decision by half of
 * what was found would be none.
 */
export async function readFindings(context: Context, model: string, atUs: number): Promise<MonitorFindings[]> {
  const { names, read } = await openFindings(context, model);
  const found: MonitorFindings[] = [];
  // Names sort as their moments do.
  for (const name of names
    .filter((one) => one.endsWith('.json'))
    .sort()
    .toReversed()) {
    if (found.length === mostRead) break;
    const content = await read(name);
    if (content === null) continue;
    const findings = parseJson(monitorFindingsSchema, content, `monitor/${model}/findings/${name}`);
    if (Date.parse(findings.at) * 1000 <= atUs) found.push(findings);
  }
  return found;
}
