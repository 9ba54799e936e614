import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildImage } from '@repo/image/image-builder';
import { inspectImage } from '@repo/image/inspect-image';
import { stageImage } from '@repo/image/stage-image';

/** Name that the archive of the suite carries; nodes know it by its digest. */
const name = 'localhost/causeway-inference:canary-suite';

/**
 * The image of this suite: what `npm run build` lays out, with more releases in it and a preload that makes some of them misbehave. Returns
 * its archive and digest.
 */
export async function buildFaultyImage(root: string, folder: string, model: string, versions: readonly number[]) {
  const contextDir = join(folder, 'rootfs');
  await stageImage({ root, outDir: contextDir, withBase: false });
  for (const version of versions) {
    const release = `release/${version}`;
    cpSync(join(root, 'models', model, release), join(contextDir, 'app/models', model, release), { recursive: true });
  }
  cpSync(fileURLToPath(new URL('./faults.cjs', import.meta.url)), join(contextDir, 'app/faults.cjs'));
  const dockerfile = join(folder, 'Dockerfile');
  const product = readFileSync(join(root, 'apps/inference/Dockerfile'), 'utf8');
  writeFileSync(
    dockerfile,
    product.replace('"/app/apps/inference', '"--require", "/app/faults.cjs", "/app/apps/inference'),
  );
  const outFile = join(folder, 'faulty.tar');
  buildImage({ dockerfile, contextDir, base: 'scratch', name, outFile });
  rmSync(contextDir, { recursive: true, force: true });
  return { archive: outFile, digest: (await inspectImage(outFile)).digest };
}
