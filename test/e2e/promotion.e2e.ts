// budget: 660 s
// needs: git
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createRegistry } from '@repo/registry/registry';
import { afterAll, expect, test } from 'vitest';
import { createCopiedWorkspace } from './copied-workspace.ts';

const name = 'flight-delay';
const definition = `models/${name}/model.ts`;
const championFile = `models/${name}/champion.json`;
const workspace = createCopiedWorkspace();
afterAll(workspace.remove);

/** Runs a verb on the model; answers how it ended, and the JSON that it wrote first. */
async function causeway(verb: string, ...args: string[]) {
  const { exitCode, output } = await workspace.run('causeway', verb, name, ...args, '--json');
  const json = output.startsWith('{') ? JSON.parse(output.slice(0, output.indexOf('\n'))) : null;
  return { exitCode, output, json };
}
const champion = () => JSON.parse(workspace.read(championFile));
const isThere = (path: string) => existsSync(join(workspace.root, 'models', name, 'release', path));
async function aliases() {
  const registry = createRegistry(`file:${workspace.root}/.causeway/state`, workspace.root);
  return { champion: await registry.getAlias(name, 'champion'), previous: await registry.getAlias(name, 'previous') };
}

/** Gates what the definition says now, and attaches the report to the version that the bundle has. */
async function judgedVersion() {
  const judged = await causeway('gate');
  const registered = await causeway('register');
  expect(registered, registered.output).toMatchObject({ exitCode: 0 });
  return { judged, registered };
}

async function expectRefused(version: number, message: RegExp) {
  const before = { champion: champion(), aliases: await aliases() };
  const { exitCode, output } = await causeway('promote', '--version', String(version));
  expect({ exitCode, output }).toEqual({ exitCode: 1, output: expect.stringMatching(message) });
  expect({ champion: champion(), aliases: await aliases() }).toEqual(before);
  expect(isThere(String(version))).toBe(false);
}

test('a retrain of the real model is promoted by its own passing report and by no other, and rolled back', async () => {
  const first = workspace.read(championFile);
  const next = champion().version + 1;
  const floor = 'floor: { auc: 0.68, logLoss: 0.5 }';

  workspace.replace(definition, 'minLeafRows: 100 }', 'minLeafRows: 100, seed: 2 }');
  workspace.replace(definition, floor, 'floor: { auc: 0.75 }');
  const failing = await judgedVersion();
  expect(failing.judged).toMatchObject({ exitCode: 1, json: { verdict: 'fail', gates: { 'absolute-floor': 'fail' } } });
  expect(failing.registered.json).toMatchObject({
    version: next,
    created: true,
    alias: 'challenger',
    evidence: ['card.md', 'drift.json', 'report.json'],
  });
  await expectRefused(next, /may not be promoted: its gates say fail\n {2}absolute-floor \(fail\): /);

  const { auc } = JSON.parse(workspace.read(`.causeway/stages/${name}/train/bundle/metrics.json`)).test;
  workspace.replace(definition, 'floor: { auc: 0.75 }', `floor: { auc: ${auc} }`);
  const undecided = await judgedVersion();
  expect(undecided.judged).toMatchObject({
    exitCode: 3,
    json: { verdict: 'inconclusive', gates: { 'absolute-floor': 'inconclusive' } },
  });
  await expectRefused(next, /its gates say inconclusive\n {2}absolute-floor \(inconclusive\): /);

  workspace.replace(definition, `floor: { auc: ${auc} }`, floor);
  const { judged, registered } = await judgedVersion();
  expect(judged, judged.output).toMatchObject({ exitCode: 0, json: { verdict: 'pass', waived: [] } });
  expect(registered.json).toMatchObject({ version: next, created: false });

  // The report of the stage is about the bundle before: it goes with no other.
  workspace.replace(definition, 'rounds: 300', 'rounds: 5');
  await workspace.succeed('causeway', 'train', name);
  const stale = await causeway('register');
  expect(stale.output).toContain('gate/report.json is left out');
  expect(stale.json).toMatchObject({ version: next + 1, evidence: ['card.md', 'drift.json'] });
  await expectRefused(next + 1, /has no report: run causeway gate flight-delay/);

  const promoted = await causeway('promote', '--version', String(next));
  expect(promoted.json, promoted.output).toMatchObject({ version: next, before: JSON.parse(first) });
  expect(champion()).toEqual({ version: next, digest: judged.json.candidate.digest });
  expect(await aliases()).toEqual({ champion: next, previous: next - 1 });
  const report = JSON.parse(workspace.read(`models/${name}/release/${next}.evidence/report.json`));
  expect(report).toMatchObject({ candidate: { digest: champion().digest }, champion: JSON.parse(first) });

  const back = await causeway('rollback');
  expect(back.json, back.output).toMatchObject({ version: next - 1, before: { version: next } });
  expect(workspace.read(championFile)).toBe(first);
  expect(await aliases()).toEqual({ champion: next - 1, previous: next });
  expect(await workspace.succeed('causeway', 'models', '--json')).toContain('"problem":null');
});
