import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildImage } from '@repo/image/image-builder';
import { inspectImage } from '@repo/image/inspect-image';
import { stageImage } from '@repo/image/stage-image';

/** Name that the archive of the suite carries; nodes know it by its digest. */
const name = 'localhost/causeway-inference:canary-suite';

interface BuiltArchive {
  readonly archive: string;
  readonly digest: string;
}

/**
 * The image of this suite: what `npm run build` lays out, with more releases in it and a preload that makes some of them misbehave; and one that
 * errs whatever it serves. Returns archive and digest of each.
 */
export async function buildFaultyImages(
  root: string,
  folder: string,
  model: string,
  versions: readonly number[],
): Promise<Record<'suite' | 'erring', BuiltArchive>> {
  const contextDir = join(folder, 'rootfs');
  await stageImage({ root, outDir: contextDir, withBase: false });
  for (const version of versions) {
    const release = `release/${version}`;
    cpSync(join(root, 'models', model, release), join(contextDir, 'app/models', model, release), { recursive: true });
  }
  cpSync(fileURLToPath(new URL('./faults.cjs', import.meta.url)), join(contextDir, 'app/faults.cjs'));
  const dockerfile = join(folder, 'Dockerfile');
  const product = readFileSync(join(root, 'apps/inference/Dockerfile'), 'utf8');
  const preloading = product.replace('"/app/apps/inference', '"--require", "/app/faults.cjs", "/app/apps/inference');
  const build = async (kind: string, lines: string): Promise<BuiltArchive> => {
    writeFileSync(dockerfile, `${preloading}\n${lines}`);
    const archive = join(folder, `${kind}.tar`);
    buildImage({ dockerfile, contextDir, base: 'scratch', name, outFile: archive });
    return { archive, digest: (await inspectImage(archive)).digest };
  };
  const built = { suite: await build('suite', ''), erring: await build('erring', 'ENV FAULT_OF_IMAGE=errors\n') };
  rmSync(contextDir, { recursive: true, force: true });
  return built;
}
