import { InputError, show } from '@repo/contract/input-error';

/** Where in S3 a registry lies. */
export interface S3Location {
  readonly bucket: string;
  /** Without slashes at its ends; empty for the whole bucket. */
  readonly prefix: string;
}

const form = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])((?:\/[A-Za-z0-9_=.-]+)*)\/?$/;

/** Reads `s3://bucket/prefix`; null for a URL of another scheme. Throws InputError for what no bucket or prefix can be named. */
export function parseS3Url(stateUrl: string): S3Location | null {
  if (!/^s3:/.test(stateUrl)) return null;
  const [, bucket, path = ''] = form.exec(stateUrl) ?? [];
  if (bucket !== undefined && !path.split('/').some((part) => /^\.+$/.test(part)))
    return { bucket, prefix: path.slice(1) };
  throw new InputError({
    path: 'CAUSEWAY_STATE',
    received: show(stateUrl),
    allowed: 's3://<bucket>/<prefix> with letters, digits and _ = . -',
    action: 'name a bucket, and a prefix if it holds more than this, in this form',
  });
}
