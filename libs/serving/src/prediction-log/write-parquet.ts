import { randomUUID } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import { parquetWriteBuffer, type SchemaElement } from 'hyparquet-writer';
import type { LoggedRow } from './logged-row.ts';

type Column = Omit<SchemaElement, 'name'>;
const text: Column = { type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'REQUIRED' };
const real: Column = { type: 'DOUBLE', repetition_type: 'REQUIRED' };
const instant: Column = {
  type: 'INT64',
  converted_type: 'TIMESTAMP_MICROS',
  logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MICROS' },
  repetition_type: 'REQUIRED',
};
const orNull = (column: Column): Column => ({ ...column, repetition_type: 'OPTIONAL' });

const columns: Readonly<Record<keyof LoggedRow, Column>> = {
  id: text,
  time: instant,
  model: text,
  version: text,
  digest: text,
  level: text,
  variant: text,
  propensity: real,
  kind: text,
  podhash: orNull(text),
  traceparent: orNull(text),
  probability: orNull(real),
  prediction: orNull(real),
  decision: { type: 'BOOLEAN', repetition_type: 'OPTIONAL' },
  request: orNull(text),
  features: orNull(text),
  data: text,
  experiment: orNull(text),
};
const names = Object.keys(columns) as (keyof LoggedRow)[];
const schema: SchemaElement[] = [
  { name: 'root', num_children: names.length },
  ...names.map((name) => ({ name, ...columns[name] })),
];

function sync(path: string): void {
  const descriptor = openSync(path, 'r');
  fsyncSync(descriptor);
  closeSync(descriptor);
}

/** Makes a folder with its missing parents, all of which survive a power cut. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  mkdirSync(path, { recursive: true });
  sync(dirname(path));
}

/** Writes rows as one Parquet file (zstd), whole or not at all. The folder is made when missing. */
export function writeParquet(path: string, rows: readonly LoggedRow[]): void {
  const buffer = parquetWriteBuffer({
    schema,
    columnData: names.map((name) => ({ name, data: rows.map((row) => row[name]) })),
    codec: 'ZSTD',
    compressors: { ZSTD: (bytes) => zstdCompressSync(bytes) },
    rowGroupSize: rows.length,
    createdBy: 'causeway',
  });
  const folder = dirname(path);
  makeFolder(folder);
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    writeFileSync(temporary, new Uint8Array(buffer));
    sync(temporary);
    renameSync(temporary, path);
  } finally {
    // On a full disk, what is left of it would keep the disk full.
    rmSync(temporary, { force: true });
  }
  sync(folder);
}
