import { mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { InputError } from '@repo/contract/input-error';
import { buildImage } from './image-builder.ts';
import { imageProblems } from './image-problems.ts';
import { inspectImage } from './inspect-image.ts';
import { stageImage } from './stage-image.ts';

const root = resolve(import.meta.dirname, '../../..');

/** Name under which a machine without a registry knows the image. */
const localName = 'localhost/causeway-inference:local';

/**
 * `npm run build [-- --base scratch|distroless] [--out <file>]`: lays out the image, builds it and prints what it is. Exit 1: it may not be
 * shipped, and why; 2: wrong use, or neither buildah nor docker is here.
 */
async function main(args: readonly string[]): Promise<number> {
  const options = {
    base: { type: 'string', default: 'scratch' },
    out: { type: 'string', default: 'dist/image/inference.tar' },
  } as const;
  const { values } = parseArgs({ args: [...args], options });
  if (values.base !== 'scratch' && values.base !== 'distroless') {
    const action = 'scratch needs no registry, distroless is what the Dockerfile names';
    throw new InputError({ path: '--base', received: values.base, allowed: 'scratch, distroless', action });
  }
  const withBase = values.base === 'distroless';
  const contextDir = resolve(root, 'dist/image/rootfs');
  const outFile = resolve(root, values.out);
  const models = await stageImage({ root, outDir: contextDir, withBase });
  mkdirSync(dirname(outFile), { recursive: true });
  const dockerfile = resolve(root, 'apps/inference/Dockerfile');
  buildImage({ dockerfile, contextDir, base: withBase ? undefined : 'scratch', name: localName, outFile });
  const image = await inspectImage(outFile);
  const { digest, compressedBytes, unpackedBytes } = image;
  console.log(
    JSON.stringify({ archive: outFile, name: localName, digest, compressedBytes, unpackedBytes, models }, null, 2),
  );
  const problems = imageProblems(image);
  for (const problem of problems) console.error(problem);
  return problems.length === 0 ? 0 : 1;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof InputError || error instanceof TypeError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
