/** AWS_ENDPOINT_URL as the AWS tools read it, for servers other than AWS's. */
export const s3Endpoint = ({ AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL }: NodeJS.ProcessEnv): string | undefined =>
  AWS_ENDPOINT_URL_S3 || AWS_ENDPOINT_URL || undefined;
