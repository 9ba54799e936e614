import { type MonitorFindings, monitorFindingsSchema } from '@repo/contract/monitor-findings';
import { parseJson } from '@repo/registry/json-object';
import { openObjects } from '@repo/registry/open-objects';
import type { Context } from '../context.ts';

/**
 * What `causeway monitor` found about a model up to a moment, of the newest `mostWindows` windows: one that runs by the hour says something of a day
 * two dozen times. Throws InputError for a file that is damaged: a decision by half of
 * what was found would be none.
 */
export async function readFindings(
  { stateUrl, workspace }: Context,
  model: string,
  atUs: number,
  mostWindows: number,
): Promise<MonitorFindings[]> {
  const { store } = openObjects(stateUrl, workspace.root, 'monitor');
  const folder = `${model}/findings`;
  // Names sort as their moments do; what is left of a file that was being written ends otherwise.
  const names = (await store.list(folder)).filter((name) => /^[a-z0-9]+\.json$/.test(name));
  const found: MonitorFindings[] = [];
  const windows = new Set<string>();
  for (const name of names.sort().toReversed()) {
    const content = await store.get(`${folder}/${name}`);
    if (content === null) continue;
    const findings = parseJson(monitorFindingsSchema, content, `monitor/${folder}/${name}`);
    if (Date.parse(findings.at) * 1000 > atUs) continue;
    windows.add(findings.window.to);
    if (windows.size > mostWindows) break;
    found.push(findings);
  }
  return found;
}
