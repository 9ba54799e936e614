import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { InputError, show } from '@repo/contract/input-error';
import { buildImage } from './image-builder.ts';
import { imageProblems } from './image-problems.ts';
import { inspectImage } from './inspect-image.ts';
import { pinnedBase } from './pinned-base.ts';
import { stageImage } from './stage-image.ts';

const root = resolve(import.meta.dirname, '../../..');

/** Name under which a machine without a registry knows the image. */
const localName = 'localhost/causeway-inference:local';

interface Wanted {
  readonly withBase: boolean;
  readonly outFile: string;
}

function readArguments(args: readonly string[]): Wanted {
  const options = {
    base: { type: 'string', default: 'scratch' },
    out: { type: 'string', default: 'dist/image/inference.tar' },
  } as const;
  const action = 'npm run build -- [--base <base>] [--out <file>]';
  try {
    const { base, out } = parseArgs({ args: [...args], options }).values;
    if (base === 'scratch' || base === 'distroless')
      return { withBase: base === 'distroless', outFile: resolve(root, out) };
    throw new InputError({ path: '--base', received: show(base), allowed: 'scratch, distroless', action });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new InputError({ path: 'arguments', received: error.message, allowed: '--base, --out', action });
  }
}

/**
 * `npm run build [-- --base scratch|distroless] [--out <file>]`: lays out the image, builds it and prints what it is. Exit 1: it may not be
 * shipped, and why; 2: wrong use, or neither buildah nor docker is here.
 */
async function main(args: readonly string[]): Promise<number> {
  const { withBase, outFile } = readArguments(args);
  const dockerfile = resolve(root, 'apps/inference/Dockerfile');
  const base = withBase ? pinnedBase(readFileSync(dockerfile, 'utf8')) : 'scratch';
  const contextDir = resolve(root, 'dist/image/rootfs');
  const models = await stageImage({ root, outDir: contextDir, withBase });
  mkdirSync(dirname(outFile), { recursive: true });
  buildImage({ dockerfile, contextDir, base, name: localName, outFile });
  const image = await inspectImage(outFile);
  const { digest, compressedBytes, unpackedBytes } = image;
  const built = { archive: outFile, name: localName, base, digest, compressedBytes, unpackedBytes, models };
  console.log(JSON.stringify(built, null, 2));
  const problems = imageProblems(image);
  for (const problem of problems) console.error(problem);
  return problems.length === 0 ? 0 : 1;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof InputError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
