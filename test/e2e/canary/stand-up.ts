import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { canonicalJson } from '@repo/contract/canonical-json';
import { createCopiedWorkspace } from '../copied-workspace.ts';
import { kubectl } from '../infra/cluster.ts';
import { importImage, loadImage } from '../infra/load-image.ts';
import { createEngine } from '../infra/programs.ts';
import { pulumiEnvironment } from '../infra/pulumi-environment.ts';
import { outputOf, runCommand } from '../infra/run-command.ts';
import { buildFaultyImage } from './faulty-image.ts';
import { makeReleases, Version } from './make-releases.ts';
import { startProgram } from './start-program.ts';

export const namespace = 'models';
export const model = 'flight-delay';
/** The key whose digest stands in Pulumi.local.yaml, and where its judgeUrl points. */
const [key, judgePort] = ['local-only', 9191];

/** A copy of the workspace, stood up on the cluster, whose champion can be changed. */
export async function standUp() {
  const folder = mkdtempSync(join(tmpdir(), 'canary-'));
  const copy = createCopiedWorkspace();
  const env = pulumiEnvironment(folder);
  const engine = createEngine(copy.root, env);
  const modelDir = join(copy.root, 'models', model);
  const product = await loadImage(copy.root);
  const digests = await makeReleases(modelDir, model);
  const inImage = Object.values(Version).filter((version) => version !== Version.notReady);
  const faulty = await buildFaultyImage(copy.root, folder, model, inImage);
  await importImage(faulty.archive);
  const standing = await runCommand('npx', ['nx', 'up', 'serving', '--stack', 'local'], { env, cwd: copy.root });
  if (standing.code !== 0) throw new Error(`${standing.stdout}\n${standing.stderr}`);
  const url = `${(await engine.urls())[model]}/v2/models/${model}/predict`;

  /** Changes the champion and asks the engine to stand that up, with the image that has all releases. */
  const release = (version: number, change: (text: string) => string = (text) => text) => {
    const digest = digests.get(version);
    writeFileSync(join(modelDir, 'champion.json'), canonicalJson({ digest, version }));
    const file = engine.configWith(folder, 'serving', (text) => `${change(text)}  serving:imageDigest: ${faulty.digest}\n`);
    return engine.up('serving', '--config-file', file);
  };
  const secretOf = async (name: string): Promise<string> =>
    Buffer.from(
      await kubectl('get', 'secret', 'judge', '-n', namespace, '-o', `jsonpath={.data.${name}}`),
      'base64',
    ).toString();
  const startJudge = async (prometheus: string) => {
    const args = ['apps/pipeline/src/main.ts', 'judge', '--serve', '--port', String(judgePort), '--prometheus', prometheus];
    const judgeEnv = { ...env, ADMIN_TOKEN: await secretOf('read-predictions'), CAUSEWAY_STATE: `file:${folder}/judge` };
    return startProgram(process.execPath, args, /"msg":"listening"/, { env: judgeEnv, cwd: copy.root });
  };
  const tearDown = async (): Promise<void> => {
    for (const program of ['serving', 'monitoring', 'storage', 'cluster'] as const) await engine.destroy(program);
    copy.remove();
    rmSync(folder, { recursive: true, force: true });
  };
  return { folder, root: copy.root, env, engine, product, faulty, url, key, release, startJudge, tearDown };
}
