import type { ImageMeasures } from './measure-image.ts';

const megabyte = 1e6;

/** Most that an image may take: what a node pulls before its first answer, and what it then keeps. */
export const sizeLimits = { unpackedBytes: 190 * megabyte, compressedBytes: 70 * megabyte } as const;

const names = Object.keys(sizeLimits) as (keyof typeof sizeLimits)[];

/** A line for each limit that an image breaks. */
export function sizeProblems(measures: Pick<ImageMeasures, keyof typeof sizeLimits>): string[] {
  return names
    .filter((name) => measures[name] > sizeLimits[name])
    .map((name) => {
      const [received, allowed] = [measures[name], sizeLimits[name]].map((bytes) => (bytes / megabyte).toFixed(1));
      return `${name}: received ${received} MB; allowed: ${allowed} MB; find what is new in dist/image/rootfs`;
    });
}
