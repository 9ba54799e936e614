import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { canonicalJson } from '@repo/contract/canonical-json';
import type { ReleaseResult } from '@repo/contract/release-result';
import { createCopiedWorkspace } from '../copied-workspace.ts';
import { kubectl } from '../infra/cluster.ts';
import { importImage } from '../infra/load-image.ts';
import { createEngine } from '../infra/programs.ts';
import { pulumiEnvironment } from '../infra/pulumi-environment.ts';
import { runCommand } from '../infra/run-command.ts';
import { buildFaultyImages } from './faulty-image.ts';
import { makeReleases, Version } from './make-releases.ts';
import { startProgram } from './start-program.ts';

export const namespace = 'models';
export const model = 'flight-delay';
/** The key whose digest stands in Pulumi.local.yaml, and where its judgeUrl points. */
const [key, judgePort] = ['local-only', '9191'];

const program = 'apps/pipeline/src/main.ts';

/** A copy of the workspace, stood up on the cluster, whose champion can be changed. */
export async function standUp() {
  const folder = mkdtempSync(join(tmpdir(), 'canary-'));
  const copy = createCopiedWorkspace();
  const { root } = copy;
  const env = { ...pulumiEnvironment(folder), CAUSEWAY_STATE: `file:${folder}/state-of-causeway` };
  const engine = createEngine(root, env);
  const modelDir = join(root, 'models', model);
  // New pods are slower for a while than their share of a small and busy machine lets them be; the fault is slower than that by far.
  copy.replace(`models/${model}/model.ts`, 'steps: [25, 50, 100]', 'steps: [25, 50, 100], margins: { latency: 0.05 }');
  const digests = await makeReleases(modelDir, model);
  const inImage = Object.values(Version).filter((version) => version !== Version.notReady);
  const images = await buildFaultyImages(root, folder, model, inImage);
  for (const { archive } of Object.values(images)) await importImage(archive);

  const config = join(root, 'infra/serving/Pulumi.local.yaml');
  const committed = `${readFileSync(config, 'utf8')}  serving:imageDigest: ${images.suite.digest}\n`;
  writeFileSync(config, committed);
  const pin = (version: number): void =>
    writeFileSync(join(modelDir, 'champion.json'), canonicalJson({ digest: digests.get(version), version }));
  pin(Version.first);
  const standing = await runCommand('npx', ['nx', 'up', 'serving', '--stack', 'local'], { env, cwd: root });
  if (standing.code !== 0) throw new Error(`${standing.stdout}\n${standing.stderr}`);
  const url = `${(await engine.urls())[model]}/v2/models/${model}/predict`;

  const secretOf = async (name: string): Promise<string> =>
    Buffer.from(
      await kubectl('get', 'secret', 'judge', '-n', namespace, '-o', `jsonpath={.data.${name}}`),
      'base64',
    ).toString();
  const judgeEnv = { ...env, ADMIN_TOKEN: await secretOf('read-predictions') };
  const causeway = (...args: string[]) =>
    runCommand(process.execPath, [program, ...args], { env: judgeEnv, cwd: root, limitS: 240 });

  return {
    ...{ folder, root, env, url, key },
    /** Changes the champion, and for this time the configuration, and asks the engine to stand that up. */
    release: (version: number, change: (text: string) => string = (text) => text) => {
      pin(version);
      writeFileSync(config, change(committed));
      return engine.up('serving');
    },
    /** Change of the configuration to the image that errs. */
    withErringImage: (text: string): string => text.replace(images.suite.digest, images.erring.digest),
    startJudge: (prometheus: string) => {
      const args = [program, 'judge', '--serve', '--port', judgePort, '--prometheus', prometheus];
      return startProgram(process.execPath, args, /"msg":"listening"/, { env: judgeEnv, cwd: root });
    },
    causeway,
    /** Follows the release to its end, as a workflow does. */
    watch: async (deadlineS = 120): Promise<{ code: number | null; result: ReleaseResult; seen: string }> => {
      const { code, stdout, stderr } = await causeway('watch', model, '--json', '--deadline', String(deadlineS));
      if (stdout === '') throw new Error(`watch ended with ${code}: ${stderr}`);
      return { code, result: JSON.parse(stdout) as ReleaseResult, seen: stderr };
    },
    tearDown: async (): Promise<void> => {
      for (const program of ['serving', 'monitoring', 'storage', 'cluster'] as const) await engine.destroy(program);
      copy.remove();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
