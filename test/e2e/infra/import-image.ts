import { outputOf } from './run-command.ts';

/** Gives an archive to the nodes of a cluster: to containerd, by the name without its tag, where its address is known; else to kind. */
export async function importImage(archive: string, name: string): Promise<void> {
  const address = process.env.CONTAINERD_ADDRESS;
  const importing = ['-n', 'k8s.io', 'images', 'import', '--digests', '--base-name', name, archive];
  if (address !== undefined) await outputOf('ctr', '-a', address, ...importing);
  else await outputOf('kind', 'load', 'image-archive', archive);
}
