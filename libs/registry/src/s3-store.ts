import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type { S3Client } from '@aws-sdk/client-s3';
import { checkKey } from './object-key.ts';
import type { ObjectStore } from './object-store.ts';
import { attemptsOf, reportingS3, statusOf } from './s3-error.ts';
import type { S3Location } from './s3-url.ts';

type Sdk = typeof import('@aws-sdk/client-s3');

const connectTimeoutMs = 2000;
/** Longest silence within a request, however large its object. */
const silenceTimeoutMs = 5000;
const mostAttempts = 3;
/** Two writers of one key at once are told to come again; 20 of them are done after far fewer rounds. */
const mostConflicts = 50;

async function connect(endpoint: string | undefined): Promise<{ sdk: Sdk; client: S3Client }> {
  // Loading the SDK takes longer than the rest of the program: only who keeps a registry in S3 pays for it.
  const sdk = await import('@aws-sdk/client-s3');
  const client = new sdk.S3Client({
    maxAttempts: mostAttempts,
    followRegionRedirects: true,
    requestHandler: { connectionTimeout: connectTimeoutMs, socketTimeout: silenceTimeoutMs },
    // Other servers than AWS's have no host name for each bucket.
    ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
  });
  return { sdk, client };
}

/**
 * An object store in a bucket of S3, or of a server that speaks S3 at `endpoint` and honours `If-None-Match` on writes. The SDK finds
 * region and credentials as everywhere (AWS_REGION, AWS_ACCESS_KEY_ID, AWS_PROFILE, roles). Nothing is asked until it is used. Throws
 * InputError for whatever S3 refuses and when it cannot be reached, after 3 tries of 2 s to connect; RangeError for a malformed key.
 */
export function createS3Store({ bucket, prefix }: S3Location, endpoint?: string): ObjectStore {
  const root = prefix === '' ? '' : `${prefix}/`;
  const shown = `s3://${bucket}/${prefix}${endpoint === undefined ? '' : ` at ${endpoint}`}`;
  let connection: ReturnType<typeof connect> | undefined;
  const onS3 = <T>(work: (connected: Awaited<ReturnType<typeof connect>>) => Promise<T>): Promise<T> =>
    reportingS3({ bucket, shown }, async () => {
      connection ??= connect(endpoint);
      return work(await connection);
    });
  const keyOf = (key: string): { Bucket: string; Key: string } => {
    checkKey(key);
    return { Bucket: bucket, Key: `${root}${key}` };
  };
  return {
    async get(key) {
      const object = keyOf(key);
      return onS3(async ({ sdk, client }) => {
        try {
          const { Body } = await client.send(new sdk.GetObjectCommand(object));
          return (await Body?.transformToByteArray()) ?? new Uint8Array();
        } catch (error) {
          if (error instanceof sdk.NoSuchKey) return null;
          throw error;
        }
      });
    },
    async putIfAbsent(key, content) {
      const object = keyOf(key);
      const writer = randomUUID();
      return onS3(async ({ sdk, client }) => {
        let isAnswerLost = false;
        for (let conflicts = 0; ; conflicts++) {
          try {
            const write = { ...object, Body: content, IfNoneMatch: '*', Metadata: { writer } };
            await client.send(new sdk.PutObjectCommand(write));
            return true;
          } catch (error) {
            isAnswerLost ||= attemptsOf(error) > 1;
            if (statusOf(error) === 412) {
              if (!isAnswerLost) return false;
              // The object may be our own: of an attempt that arrived and whose answer was lost.
              const { Metadata } = await client.send(new sdk.HeadObjectCommand(object));
              return Metadata?.writer === writer;
            }
            if (statusOf(error) !== 409 || conflicts === mostConflicts) throw error;
            await setTimeout(20 + 80 * Math.random());
          }
        }
      });
    },
    async list(folder) {
      const { Bucket, Key } = keyOf(folder);
      return onS3(async ({ sdk, client }) => {
        const names: string[] = [];
        const pages = sdk.paginateListObjectsV2({ client }, { Bucket, Prefix: `${Key}/`, Delimiter: '/' });
        for await (const { Contents = [], CommonPrefixes = [] } of pages) {
          const paths = [...Contents.map((object) => object.Key), ...CommonPrefixes.map((below) => below.Prefix)];
          for (const path of paths) names.push((path ?? '').slice(Key.length + 1).replace(/\/$/, ''));
        }
        return names.filter((name) => name !== '');
      });
    },
  };
}
