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

/** Kinds of images, and what their Dockerfile says besides: one that errs whatever it serves stands beside the suite's own. */
const kinds = { suite: '', erring: 'ENV FAULT_OF_IMAGE=errors\n' } as const;
export type ImageKind = keyof typeof kinds;

/**
 * Images of this suite: what `npm run build` lays out, with more releases in it and a preload that makes some of them misbehave. Returns archive
 * and digest of each.
 */
export async function buildFaultyImages(
  root: string,
  folder: string,
  model: string,
  { versions, wanted }: { versions: readonly number[]; wanted: readonly ImageKind[] },
): Promise<Map<ImageKind, BuiltArchive>> {
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
  const built = new Map<ImageKind, BuiltArchive>();
  for (const kind of wanted) {
    writeFileSync(dockerfile, `${preloading}\n${kinds[kind]}`);
    const archive = join(folder, `${kind}.tar`);
    buildImage({ dockerfile, contextDir, base: 'scratch', name, outFile: archive });
    built.set(kind, { archive, digest: (await inspectImage(archive)).digest });
  }
  rmSync(contextDir, { recursive: true, force: true });
  return built;
}
