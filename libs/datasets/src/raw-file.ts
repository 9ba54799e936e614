import { accessSync, closeSync, constants, existsSync, openSync, readSync, statSync } from 'node:fs';
import { extname } from 'node:path';
import { InputError, show } from '@repo/contract/input-error';
import { quoteText } from './sql-text.ts';

/** A part of a path such as `origin=EWR` is no column, whatever it looks like to a reader of partitioned files. */
const asNamed = 'hive_partitioning = false';

/**
 * How each kind of raw file is read. CSV has a header in its first line, commas, double quotes and UTF-8; JSON lines is one object a
 * line. The columns of both are all text, and an empty field of CSV is null, so that a value never changes with its neighbours and no
 * text is taken for a time or an id.
 */
const readers: Readonly<Record<string, (path: string) => string>> = {
  '.parquet': (path) => `read_parquet(${path}, ${asNamed})`,
  '.csv': (path) =>
    `read_csv(${path}, header = true, skip = 0, comment = '', all_varchar = true, delim = ',', quote = '"', escape = '"', ${asNamed})`,
  '.jsonl': (path) =>
    `(SELECT COLUMNS(*) ->> '$' FROM read_json(${path}, format = 'newline_delimited', maximum_depth = 1, sample_size = -1, ${asNamed}))`,
};

const magic = 'PAR1';

function readable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

function textAt(path: string, position: number): string {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(magic.length);
    readSync(file, bytes, 0, magic.length, position);
    return bytes.toString('latin1');
  } finally {
    closeSync(file);
  }
}

/**
 * The SQL after FROM that reads a raw file: Parquet, CSV or JSON lines by its ending. Throws InputError naming `where` when the
 * file is missing, unreadable, empty, of another ending, or not the Parquet file that it claims to be.
 */
export function rawFileSql(path: string, where: string): string {
  const refuse = (received: string, allowed: string, action: string): never => {
    throw new InputError({ path: where, received: `${show(path)}, ${received}`, allowed, action });
  };
  const kind = extname(path);
  const reader = readers[kind];
  if (reader === undefined) {
    const endings = Object.keys(readers).join(', ');
    return refuse(kind === '' ? 'without an ending' : `ending in ${kind}`, endings, 'convert or rename the file');
  }
  if (!existsSync(path)) return refuse('which does not exist', 'an existing file', 'put the file there');
  const stat = statSync(path);
  if (!stat.isFile()) return refuse('which is not a file', 'a regular file', 'name a file');
  if (!readable(path)) return refuse('which may not be read', 'a readable file', 'change its permissions');
  if (stat.size === 0) return refuse('which has 0 bytes', 'a file with rows', 'fetch the file again');
  if (kind === '.parquet') {
    if (textAt(path, 0) !== magic)
      return refuse('which is not Parquet', 'a Parquet file', 'fetch it again, or give it the ending of what it is');
    if (stat.size < 12 || textAt(path, stat.size - magic.length) !== magic)
      return refuse('which is cut off', 'a whole Parquet file', 'fetch the file again');
  }
  return reader(quoteText(path));
}
