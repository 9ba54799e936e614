import { bundledPackages } from './bundled-packages.ts';
import { ImagePath } from './image-path.ts';
import type { ImageInspection } from './inspect-image.ts';

const megabyte = 1e6;

/** Most that an image may take: what a node pulls before the first answer, and what it then keeps. */
const sizeLimits = { unpackedBytes: 190 * megabyte, compressedBytes: 70 * megabyte } as const;

function tooLarge(image: ImageInspection): string[] {
  const names = Object.keys(sizeLimits) as (keyof typeof sizeLimits)[];
  return names.flatMap((name) => {
    const [received, allowed] = [image[name], sizeLimits[name]].map((bytes) => `${(bytes / megabyte).toFixed(1)} MB`);
    if (image[name] <= sizeLimits[name]) return [];
    return [`${name}: received ${received}; allowed: ${allowed}; find what is new in dist/image/rootfs`];
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

function unlisted({ bom, sources, entries }: ImageInspection): string[] {
  const action = 'write it from what is bundled';
  if (bom === null) return [`/${ImagePath.bom}: received nothing; allowed: a bill of materials; ${action}`];
  if (sources.length === 0) {
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
export function imageProblems(image: ImageInspection): string[] {
  return [tooLarge, runsAsRoot, writable, unlisted].flatMap((rule) => rule(image));
}
