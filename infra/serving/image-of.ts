import { InputError } from '@repo/contract/input-error';

/** Images that there are: what nodes of a machine without a registry know each by, and the setting that names one by its digest. */
const images = {
  inference: { localName: 'localhost/causeway-inference', setting: 'imageDigest' },
  pipeline: { localName: 'localhost/causeway-pipeline', setting: 'jobsImageDigest' },
} as const;

/** Tag that `npm run build` gives an image. */
const localTag = 'local';

/**
 * An image of a stack: by digest, in the repository that storage made. Without a repository (null, the stack local) it is what the nodes
 * have been given, by digest or as it was built last. Throws InputError when there is a repository and no digest, or one of all
 * zeros, which is what somebody writes who has none.
 */
export function imageOf(kind: keyof typeof images, repository: string | null, digest: string | null): string {
  const { localName, setting } = images[kind];
  if (repository === null) return digest === null ? `${localName}:${localTag}` : `${localName}@${digest}`;
  if (digest !== null && !/:0+$/.test(digest)) return `${repository}@${digest}`;
  throw new InputError({
    path: `serving.${setting}`,
    received: digest ?? 'nothing',
    allowed: `the digest of an image that was pushed to ${repository}`,
    action: `give it: pulumi up -c serving:${setting}=sha256:...`,
  });
}
