import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { InputError, show } from '@repo/contract/input-error';
import { buildImage } from './image-builder.ts';
import { imageProblems, pipelineLimits, serviceLimits } from './image-problems.ts';
import { inspectImage } from './inspect-image.ts';
import { pinnedBase } from './pinned-base.ts';
import { stageImage } from './stage-image.ts';
import { stagePipeline } from './stage-pipeline.ts';

const root = resolve(import.meta.dirname, '../../..');

/** Images that there are: what lays each out, and what it may be. A machine without a registry knows it as `localhost/causeway-<name>:local`. */
const images = {
  inference: { stage: stageImage, limits: serviceLimits, contextDir: 'dist/image/rootfs' },
  pipeline: { stage: stagePipeline, limits: pipelineLimits, contextDir: 'dist/image/pipeline' },
} as const;
type ImageName = keyof typeof images;

interface Wanted {
  readonly image: ImageName;
  readonly withBase: boolean;
  readonly outFile: string;
}

const isImage = (name: string): name is ImageName => Object.hasOwn(images, name);

function readArguments(args: readonly string[]): Wanted {
  const options = { base: { type: 'string', default: 'scratch' }, out: { type: 'string' } } as const;
  const action = 'npm run build -- [<image>] [--base <base>] [--out <file>]';
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    const [image = 'inference', second] = positionals;
    if (!isImage(image) || second !== undefined)
      throw new InputError({
        path: 'image',
        received: positionals.map(show).join(' '),
        allowed: Object.keys(images).join(', '),
        action,
      });
    const { base, out = `dist/image/${image}.tar` } = values;
    if (base === 'scratch' || base === 'distroless')
      return { image, withBase: base === 'distroless', outFile: resolve(root, out) };
    throw new InputError({ path: '--base', received: show(base), allowed: 'scratch, distroless', action });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new InputError({ path: 'arguments', received: error.message, allowed: '--base, --out', action });
  }
}

/**
 * `npm run build [-- [inference|pipeline] [--base scratch|distroless] [--out <file>]]`: lays out the image, builds it and prints what it is.
 * Exit 1: it may not be shipped, and why; 2: wrong use, or neither buildah nor docker is here.
 */
async function main(args: readonly string[]): Promise<number> {
  const { image: wanted, withBase, outFile } = readArguments(args);
  const { stage, limits, ...places } = images[wanted];
  const dockerfile = resolve(root, 'apps', wanted, 'Dockerfile');
  const base = withBase ? pinnedBase(readFileSync(dockerfile, 'utf8')) : 'scratch';
  const contextDir = resolve(root, places.contextDir);
  const name = `localhost/causeway-${wanted}:local`;
  const models = await stage({ root, outDir: contextDir, withBase });
  mkdirSync(dirname(outFile), { recursive: true });
  buildImage({ dockerfile, contextDir, base, name, outFile });
  const image = await inspectImage(outFile);
  const { digest, compressedBytes, unpackedBytes } = image;
  const built = { archive: outFile, name, base, digest, compressedBytes, unpackedBytes, models };
  console.log(JSON.stringify(built, null, 2));
  const problems = imageProblems(image, limits);
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
