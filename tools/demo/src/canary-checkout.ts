import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson } from '@repo/contract/canonical-json';
import { createRegistry } from '@repo/registry/registry';
import type { DemoWorkspace } from './demo-workspace.ts';

/** What a canary serves from: the models as a merged promotion would leave them, and a state of its own. */
export interface CanaryCheckout {
  readonly modelsDir: string;
  readonly stateDir: string;
  /** Folder of the bundle. */
  readonly bundleDir: string;
}

/** Lays a version of the registry into a second folder of models as its champion, beside the workspace, which stays as it is. */
export async function createCanaryCheckout(workspace: DemoWorkspace, version: number): Promise<CanaryCheckout> {
  const { root, stateDir, model } = workspace;
  const { dir, digest } = await createRegistry(`file:${stateDir}`, root).openBundle(model, version);
  const modelsDir = join(root, 'canary', 'models');
  const modelDir = join(modelsDir, model);
  const bundleDir = join(modelDir, 'release', String(version));
  await mkdir(join(modelDir, 'release'), { recursive: true });
  await cp(dir, bundleDir, { recursive: true });
  await cp(join(workspace.modelDir(), 'model.ts'), join(modelDir, 'model.ts'));
  await writeFile(join(modelDir, 'champion.json'), canonicalJson({ digest, version }));
  return { modelsDir, stateDir: join(root, 'canary', 'state'), bundleDir };
}
