import { outputOf } from './run-command.ts';

/** What `npm run build` says it built. */
export interface BuiltImage {
  readonly archive: string;
  readonly digest: string;
}

/** Name of the image of the service without its tag. */
const serviceName = 'localhost/causeway-inference';

/**
 * The command that gives an image to the nodes of a cluster: to containerd where its address is known (`CONTAINERD_ADDRESS`), to the nodes of
 * kind where the context of the kubeconfig is one that kind made, else to the docker that a cluster of one's own desk shares. `name` is the image's, without
 * its tag; by default that of the service.
 */
export function loadCommand(
  archive: string,
  context: string,
  containerd: string | undefined,
  name = serviceName,
): [string, ...string[]] {
  if (containerd !== undefined) {
    const importing = ['images', 'import', '--digests', '--base-name', name, archive];
    return ['ctr', '-a', containerd, '-n', 'k8s.io', ...importing];
  }
  // Without a name kind takes the cluster that is called kind, whatever KUBECONFIG says.
  const cluster = /^kind-(.+)$/.exec(context)?.[1];
  if (cluster !== undefined) return ['kind', 'load', 'image-archive', archive, '--name', cluster];
  return ['docker', 'load', '--input', archive];
}

/** Gives an archive to the nodes of the cluster that KUBECONFIG names, under the `name` that is given. */
export async function importImage(archive: string, name = serviceName): Promise<void> {
  const context = (await outputOf('kubectl', 'config', 'current-context')).trim();
  await outputOf(...loadCommand(archive, context, process.env.CONTAINERD_ADDRESS, name));
}

/** Builds the image and gives it to the nodes. */
export async function loadImage(root: string): Promise<BuiltImage> {
  const built = JSON.parse(await outputOf('npm', 'run', '--silent', '--prefix', root, 'build')) as BuiltImage;
  await importImage(built.archive);
  return built;
}
