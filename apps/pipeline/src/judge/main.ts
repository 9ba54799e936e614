import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InputError, show } from '@repo/contract/input-error';
import { parseOrThrow } from '@repo/contract/parse';
import { releasePolicySchema } from '@repo/contract/release-policy';
import type { JudgedModel } from '@repo/experiments/judge-canary';
import { createRegistry } from '@repo/registry/registry';
import { z } from 'zod';
import { createOpenRelease } from './open-release.ts';
import { runJudge } from './run-judge.ts';

/** The judge as a pod runs it, in the image of the service: no checkout is there, so what it goes by comes as files. */
const environmentSchema = z.object({
  HOST: z.string(),
  PORT: z.string().regex(/^\d{1,5}$/),
  PROMETHEUS_URL: z.url({ protocol: /^https?$/ }),
  MODELS_NAMESPACE: z.string(),
  /** Folder with `<model>.json`. */
  POLICIES_DIR: z.string(),
  /** Folder of bundles, as the service has it. */
  RELEASES_DIR: z.string().default('models'),
  CAUSEWAY_STATE: z.string(),
  ADMIN_TOKEN: z.string(),
});

const root = fileURLToPath(new URL('../../../', import.meta.url));
const policySchema = z.object({ release: releasePolicySchema, task: z.enum(['binary', 'regression']) });

async function modelIn(dir: string, name: string): Promise<JudgedModel> {
  const path = join(dir, `${name}.json`);
  const text = /^[a-z0-9-]{1,63}$/.test(name) ? await readFile(path, 'utf8').catch(() => null) : null;
  if (text !== null) return parseOrThrow(policySchema, JSON.parse(text), path);
  const allowed = 'a model of this judge';
  throw new InputError({
    path: 'model',
    received: show(name),
    allowed,
    action: 'stand it up, which makes the judge know it',
  });
}

async function main(): Promise<void> {
  const env = parseOrThrow(environmentSchema, process.env, 'environment');
  await runJudge({
    prometheus: env.PROMETHEUS_URL,
    namespace: env.MODELS_NAMESPACE,
    host: env.HOST,
    port: Number(env.PORT),
    environment: process.env,
    stateUrl: env.CAUSEWAY_STATE,
    root,
    openRelease: createOpenRelease(join(root, env.RELEASES_DIR), createRegistry(env.CAUSEWAY_STATE, root)),
    modelOf: (name) => modelIn(env.POLICIES_DIR, name),
    untilStopped: () => new Promise((resolve) => process.once('SIGTERM', resolve).once('SIGINT', resolve)),
  });
}

try {
  await main();
} catch (error) {
  if (!(error instanceof InputError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
