import type { Uploads } from '@repo/registry/open-uploads';
import { type HouseOptions, keepHouse } from './keep-house.ts';
import type { Uploaded } from './upload-compacted.ts';

export interface HouseRoundOptions extends HouseOptions {
  /** Below which compacted files go; null: they stay. */
  readonly stateUrl: string | null;
}

/** What a round came to, where files are to be uploaded. */
export interface RoundOutcome extends Uploaded {
  /** Files that were removed for space. */
  readonly dropped: number;
}

/** Folder of predictions below a state URL; what roles may write there is said by infra/components/src/iam. */
const uploadFolder = 'predictions';

/** Kept from one round to the next, as are the connections of its server. */
const opened = new Map<string, Uploads | null>();

/** Loaded by who uploads alone, and the SDK of S3 with the first file: it is the larger part of a short-lived process. */
async function upload(stateUrl: string, { dir, stopped }: HouseOptions): Promise<Uploaded> {
  const { uploadCompacted } = await import('./upload-compacted.ts');
  const { openUploads } = await import('@repo/registry/open-uploads');
  const uploads = opened.get(stateUrl) ?? openUploads(stateUrl, uploadFolder);
  opened.set(stateUrl, uploads);
  return uploads === null ? { files: 0, failure: null } : uploadCompacted({ dir, uploads, stopped });
}

/** Brings a log's folder in order and, where the state is in S3, what is compacted to it. Null where nothing is uploaded. */
export async function doHouseRound({ stateUrl, ...options }: HouseRoundOptions): Promise<RoundOutcome | null> {
  const dropped = keepHouse(options);
  return stateUrl === null ? null : { ...(await upload(stateUrl, options)), dropped };
}
