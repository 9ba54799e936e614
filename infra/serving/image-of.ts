import { InputError } from '@repo/contract/input-error';

/** Name and tag that `npm run build` gives an image on a machine without a registry. */
const localName = 'localhost/causeway-inference';
const localTag = 'local';

/**
 * The image of a stack: by digest, in the repository that storage made. Without a repository (null, the stack local) it is what the nodes
 * have been given, by digest or as it was built last. Throws InputError when there is a repository and no digest, or one of all
 * zeros, which is what somebody writes who has none.
 */
export function imageOf(repository: string | null, digest: string | null): string {
  if (repository === null) return digest === null ? `${localName}:${localTag}` : `${localName}@${digest}`;
  if (digest !== null && !/:0+$/.test(digest)) return `${repository}@${digest}`;
  throw new InputError({
    path: 'serving.imageDigest',
    received: digest ?? 'nothing',
    allowed: 'the digest of an image that was pushed',
    action: 'give it: pulumi up -c serving:imageDigest=sha256:...',
  });
}
