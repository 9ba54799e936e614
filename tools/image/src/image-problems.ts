import { bundledPackages } from './bundled-packages.ts';
import { ImagePath } from './image-path.ts';
import type { ImageInspection } from './inspect-image.ts';

const megabyte = 1e6;

/** What an image may be. */
export interface ImageLimits {
  /** On a node. */
  readonly unpackedBytes: number;
  /** On the way to it. */
  readonly compressedBytes: number;
  /** Whether what runs is bundled, so that the bundle must say what is in it. */
  readonly isBundled: boolean;
}

/** Of the service: what a node pulls before the first answer, and what it then keeps. */
export const serviceLimits: ImageLimits = {
  unpackedBytes: 190 * megabyte,
  compressedBytes: 70 * megabyte,
  isBundled: true,
};

/** Of `causeway`, which holds DuckDB and the data of the workspace, and for which nobody waits. */
export const pipelineLimits: ImageLimits = {
  unpackedBytes: 300 * megabyte,
  compressedBytes: 110 * megabyte,
  isBundled: false,
};

function tooLarge(image: ImageInspection, sizeLimits: ImageLimits): string[] {
  const names = ['unpackedBytes', 'compressedBytes'] as const;
  return names.flatMap((name) => {
    const [received, allowed] = [image[name], sizeLimits[name]].map((bytes) => `${(bytes / megabyte).toFixed(1)} MB`);
    if (image[name] <= sizeLimits[name]) return [];
    return [`${name}: received ${received}; allowed: ${allowed}; find what is new in dist/image`];
  });
}

function runsAsRoot({ user }: ImageInspection): string[] {
  if (/^[1-9]\d*:[1-9]\d*$/.test(user)) return [];
  // Kubernetes checks runAsNonRoot by the number; of a name it cannot know whom it names.
  return [`user: received ${user || 'root'}; allowed: a number other than 0, and a group; say so in the Dockerfile`];
}

/** Whether others than root may write it. A link has every right and none. */
const isWritable = (mode: string): boolean => mode[0] !== 'l' && (mode[5] === 'w' || mode[8] === 'w');

function writable({ entries }: ImageInspection): string[] {
  return entries
    .filter(({ path, owner, mode }) => path.startsWith(ImagePath.app) && (owner !== '0/0' || isWritable(mode)))
    .map(
      ({ path, owner, mode }) =>
        `/${path}: received ${mode} of ${owner}; allowed: what root alone may write; lay it out anew`,
    );
}

/** Folders below `dir` that hold something, such as `onnxruntime-node` or `@scope/name`. */
function packagesIn(entries: ImageInspection['entries']): string[] {
  return bundledPackages(entries.filter(({ mode }) => mode[0] === '-').map(({ path }) => path));
}

interface Bom {
  readonly components?: readonly { readonly type: string; readonly group?: string; readonly name: string }[];
}

const nameOf = (folder: string): string => folder.slice(folder.lastIndexOf('node_modules/') + 'node_modules/'.length);

function unlisted({ bom, sources, entries }: ImageInspection, { isBundled }: ImageLimits): string[] {
  const action = 'write it from what is bundled';
  if (bom === null) return [`/${ImagePath.bom}: received nothing; allowed: a bill of materials; ${action}`];
  if (isBundled && sources.length === 0) {
    const allowed = 'a bundle that names its sources, with which the list is compared';
    return [`/${ImagePath.service}: received no names; allowed: ${allowed}; bundle it by npm run build`];
  }
  const { components = [] } = JSON.parse(bom) as Bom;
  const listed = new Set(components.map(({ group, name }) => (group === undefined ? name : `${group}/${name}`)));
  const models = entries.flatMap(({ path }) => /^app\/models\/([^/]+)\/champion\.json$/.exec(path)?.[1] ?? []);
  const inside = [...bundledPackages(sources), ...packagesIn(entries)].map(nameOf);
  return [...new Set([...inside, ...models, 'node'])]
    .filter((name) => !listed.has(name))
    .map((name) => `/${ImagePath.bom}: received a list without ${name}; allowed: all that is in the image; ${action}`);
}

/** What is wrong with an image, a line for each; none for one that may be shipped. */
export function imageProblems(image: ImageInspection, limits: ImageLimits): string[] {
  return [tooLarge, runsAsRoot, writable, unlisted].flatMap((rule) => rule(image, limits));
}
