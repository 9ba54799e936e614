import { InputError } from '@repo/contract/input-error';

/** Where a registry in S3 lies, as an error shows it. */
export interface S3Place {
  readonly bucket: string;
  /** `s3://bucket/prefix`, and where its endpoint is another than AWS's. */
  readonly shown: string;
}

interface S3Failure extends Error {
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number; readonly attempts?: number };
}

/** The HTTP status that a request ended with; undefined when there was no answer. */
export const statusOf = (error: unknown): number | undefined => (error as S3Failure).$metadata?.httpStatusCode;

/** How often the request was sent. */
export const attemptsOf = (error: unknown): number => (error as S3Failure).$metadata?.attempts ?? 1;

function remedyOf(error: S3Failure, bucket: string): string {
  const status = statusOf(error);
  if (error.name === 'NoSuchBucket') return `create the bucket ${bucket}, or name one that exists`;
  if (
    ['CredentialsProviderError', 'ExpiredToken', 'InvalidAccessKeyId', 'SignatureDoesNotMatch'].includes(error.name)
  ) {
    return 'set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, AWS_PROFILE or a role, to ones that are valid';
  }
  if (status === 403) return `allow s3:GetObject, s3:PutObject and s3:ListBucket on the bucket ${bucket}`;
  if (/Region is missing/.test(error.message)) return 'set AWS_REGION to the region of the bucket';
  if (status === 301 || status === 400)
    return 'set AWS_REGION to the region of the bucket, and AWS_ENDPOINT_URL only if it is not AWS';
  return 'bring the network or the server back, or correct AWS_ENDPOINT_URL; what is held locally is served meanwhile';
}

/**
 * Runs requests to S3 and turns whatever they fail with (no bucket, no access, no credentials, no network, a server in trouble) into an
 * InputError about CAUSEWAY_STATE.
 */
export async function reportingS3<T>({ bucket, shown }: S3Place, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof InputError || error instanceof RangeError) throw error;
    const failure = error as S3Failure;
    const name = failure.code ?? failure.name;
    const detail = failure.message === '' || failure.message === name ? '' : `: ${failure.message.slice(0, 200)}`;
    throw new InputError({
      path: 'CAUSEWAY_STATE',
      received: `${shown} (${name}${detail})`,
      allowed: 's3://<bucket>/<prefix> that can be read and written',
      action: remedyOf(failure, bucket),
    });
  }
}
