import { type MonitorFindings, monitorFindingsSchema } from '@repo/contract/monitor-findings';
import { parseJson } from '@repo/registry/json-object';
import { openObjects } from '@repo/registry/open-objects';
import type { Context } from '../context.ts';

/** As many moments as any trigger looks back on, and as many again. */
const mostRead = 60;

/**
 * What `causeway monitor` found about a model up to a moment, the newest of it. Throws InputError for a file that is damaged: a decision by half of
 * what was found would be none.
 */
export async function readFindings(
  { stateUrl, workspace }: Context,
  model: string,
  atUs: number,
): Promise<MonitorFindings[]> {
  const { store } = openObjects(stateUrl, workspace.root, 'monitor');
  const folder = `${model}/findings`;
  // Names sort as their moments do; what is left of a file that was being written ends otherwise.
  const names = (await store.list(folder)).filter((name) => /^[a-z0-9]+\.json$/.test(name));
  const found: MonitorFindings[] = [];
  for (const name of names.sort().toReversed()) {
    if (found.length === mostRead) break;
    const content = await store.get(`${folder}/${name}`);
    if (content === null) continue;
    const findings = parseJson(monitorFindingsSchema, content, `monitor/${folder}/${name}`);
    if (Date.parse(findings.at) * 1000 <= atUs) found.push(findings);
  }
  return found;
}
