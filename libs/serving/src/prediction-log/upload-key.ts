import { dirname } from 'node:path';
import { sha256 } from '@repo/contract/canonical-json';

/** Names of folders that a key takes as they are: those of models that are defined here, and days. */
const plain = /^[a-z0-9][a-z0-9-]*$/;

/** A folder of a key: other names lose what a key cannot hold and gain a digest, so that two stay two. */
const folderOf = (name: string): string =>
  plain.test(name) ? name : `x-${name.toLowerCase().replace(/[^a-z0-9-]+/g, '-')}-${sha256(name).slice(0, 8)}`;

/**
 * Key of a compacted file, `<model>/<yyyy-mm-dd>/<segment>.parquet` below the folder of predictions. It follows from the path alone, and what
 * the file holds from its segment, so that whoever uploads it a second time finds it there.
 */
export function uploadKey(path: string): string {
  const folders = dirname(path).split('/').map(folderOf);
  return [...folders, path.slice(path.lastIndexOf('/') + 1).toLowerCase()].join('/');
}
