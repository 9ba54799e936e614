import { InputError, show } from '@repo/contract/input-error';

/**
 * The base image that a Dockerfile names as BASE. Throws InputError unless it is named by digest: what a tag means may change between two
 * builds, and nobody would see it.
 */
export function pinnedBase(dockerfile: string): string {
  const base = /^ARG BASE=(\S+)$/m.exec(dockerfile)?.[1];
  if (base !== undefined && /^[^@]+@sha256:[0-9a-f]{64}$/.test(base)) return base;
  throw new InputError({
    path: 'Dockerfile ARG BASE',
    received: show(base),
    allowed: 'an image by digest, <name>:<tag>@sha256:<64 hexadecimal digits>',
    action: 'ask the registry for the digest of the tag (docker buildx imagetools inspect) and write it behind the tag',
  });
}
