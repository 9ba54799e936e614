import * as pulumi from '@pulumi/pulumi';
import type { ServingOutputs } from './outputs.ts';

/**
 * The digest of the image that pods shall run: the one that was given, else the one that this very stack was stood up with last, as the release of a
 * champion leaves the image alone. Null where there is neither.
 */
export function imageDigestOf(given: string | undefined): pulumi.Output<string | null> {
  if (given !== undefined) return pulumi.output(given);
  const own = new pulumi.StackReference(`${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}`);
  const name: keyof ServingOutputs = 'imageDigest';
  return own.getOutput(name).apply((digest) => (typeof digest === 'string' ? digest : null));
}
