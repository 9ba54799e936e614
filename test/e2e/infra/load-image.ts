import { spawnSync } from 'node:child_process';
import { outputOf } from './run-command.ts';

/** What `npm run build` says it built. */
export interface BuiltImage {
  readonly archive: string;
  readonly digest: string;
}

/** Gives an archive to the nodes: to containerd where its address is known, else to kind or to docker's own cluster. */
export async function importImage(archive: string): Promise<void> {
  const address = process.env.CONTAINERD_ADDRESS;
  if (address !== undefined) {
    const name = 'localhost/causeway-inference';
    await outputOf('ctr', '-a', address, '-n', 'k8s.io', 'images', 'import', '--digests', '--base-name', name, archive);
  } else if (spawnSync('kind', ['version']).status === 0) await outputOf('kind', 'load', 'image-archive', archive);
  else await outputOf('docker', 'load', '--input', archive);
}

/** Builds the image and gives it to the nodes. */
export async function loadImage(root: string): Promise<BuiltImage> {
  const built = JSON.parse(await outputOf('npm', 'run', '--silent', '--prefix', root, 'build')) as BuiltImage;
  await importImage(built.archive);
  return built;
}
