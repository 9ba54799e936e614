import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Objects } from '@repo/registry/open-objects';
import { afterAll, expect, test } from 'vitest';
import { fetchLog, fetchWindows, shareMonitor } from './monitor/share-monitor.ts';

const root = mkdtempSync(join(tmpdir(), 'share-monitor-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** A state in S3 that is a map, and the keys that were fetched from it. */
function remote(content: Record<string, string>, isRemote = true) {
  const fetched: string[] = [];
  const objects: Objects = {
    isRemote,
    localRoot: join(root, 'cache/predictions'),
    pathOf: async (key) => {
      fetched.push(key);
      return key;
    },
    store: {
      get: async (key) => (content[key] === undefined ? null : Buffer.from(content[key])),
      list: async (folder) => {
        const below = Object.keys(content).filter((key) => key.startsWith(`${folder}/`));
        return [...new Set(below.map((key) => key.slice(folder.length + 1).split('/')[0] as string))];
      },
      putIfAbsent: async (key, bytes) => {
        if (content[key] !== undefined) return false;
        content[key] = Buffer.from(bytes).toString();
        return true;
      },
    },
  };
  return { objects, fetched, content };
}

test('of the log what is asked for is fetched by whole days, into a folder that is a log', async () => {
  const { objects, fetched } = remote({ 'kettle/2013-11-30/a.parquet': '', 'kettle/2013-12-01/b.parquet': '' });
  expect(await fetchLog(objects, 'kettle', Date.parse('2013-12-01T12:00:00Z') * 1000)).toBe(join(root, 'cache'));
  expect(fetched).toEqual(['kettle/2013-12-01/b.parquet']);
});

test('windows and findings go there and come back on another machine, each once; what is not final, or damaged, stays', async () => {
  const [here, there] = ['here', 'there'].map((name) => join(root, name)) as [string, string];
  for (const dir of [here, there])
    for (const one of ['windows', 'findings']) mkdirSync(join(dir, one), { recursive: true });
  writeFileSync(join(here, 'windows/20131201t000000z.json'), '{"final":true}');
  writeFileSync(join(here, 'windows/20131202t000000z.json'), '{"final":false}');
  writeFileSync(join(here, 'windows/20131130t000000z.json'), '{"final":tr');
  writeFileSync(join(here, 'findings/20131203t000000z.json'), '{"found":1}');
  const { objects, content } = remote({ 'kettle/findings/20131203t000000z.json': 'before' });
  await shareMonitor(objects, 'kettle', here);
  expect(content).toEqual({
    'kettle/findings/20131203t000000z.json': 'before',
    'kettle/windows/20131201t000000z.json': '{"final":true}',
  });
  await fetchWindows(objects, 'kettle', there);
  expect(readdirSync(join(there, 'windows'))).toEqual(['20131201t000000z.json']);
  expect(readFileSync(join(there, 'windows/20131201t000000z.json'), 'utf8')).toBe('{"final":true}');
});

test('a state on this machine is left as it is', async () => {
  const { objects, content } = remote({ 'kettle/windows/20131201t000000z.json': '{}' }, false);
  expect(await fetchLog(objects, 'kettle', 0)).toBeNull();
  await fetchWindows(objects, 'kettle', join(root, 'nowhere'));
  await shareMonitor(objects, 'kettle', join(root, 'nowhere'));
  expect(Object.keys(content)).toHaveLength(1);
});
