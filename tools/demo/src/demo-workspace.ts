import { rmSync } from 'node:fs';
import { cp, mkdir, mkdtemp, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout that the demo was started from. */
export const checkoutDir = fileURLToPath(new URL('../../../', import.meta.url));

/** A checkout of its own with one model, in a fresh folder: whatever the demo does, it never touches the user's. */
export interface DemoWorkspace {
  readonly root: string;
  readonly model: string;
  /** Folder of registry, online store, lake and logs. */
  readonly stateDir: string;
  modelDir(): string;
  /** Folder that a stage of the model or of a source writes. */
  stageDir(name: string, stage: string): string;
  remove(): void;
}

/** Copies what `causeway` needs of a checkout, catalogue and one model, below the temporary folder; packages are those of the checkout. */
export async function createDemoWorkspace(model: string): Promise<DemoWorkspace> {
  const root = await mkdtemp(join(tmpdir(), 'causeway-demo-'));
  const remove = () => rmSync(root, { recursive: true, force: true });
  // However the demo ends.
  process.once('exit', remove);
  for (const path of ['nx.json', 'package.json', 'features', join('models', model)])
    await cp(join(checkoutDir, path), join(root, path), { recursive: true });
  await symlink(join(checkoutDir, 'node_modules'), join(root, 'node_modules'));
  const stateDir = join(root, '.causeway', 'state');
  await mkdir(stateDir, { recursive: true });
  return {
    root,
    model,
    stateDir,
    modelDir: () => join(root, 'models', model),
    stageDir: (name, stage) => join(root, '.causeway', 'stages', name, stage),
    remove,
  };
}
