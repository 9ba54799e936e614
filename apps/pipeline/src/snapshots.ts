import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson, digestOf } from '@repo/contract/canonical-json';
import { InputError } from '@repo/contract/input-error';
import type { Source } from '@repo/contract/source';
import { ingest, ingestSteps } from '@repo/datasets/ingest';
import { fileSha256, readSnapshot, type Snapshot } from '@repo/datasets/snapshot';
import writeFileAtomic from 'write-file-atomic';
import type { Context } from './context.ts';

/** Digest of what a snapshot is made from, or null when a raw file cannot be read, which ingest then explains. */
async function inputsOf(source: Source): Promise<string | null> {
  try {
    const raw = await Promise.all(
      Object.entries(source.raw).map(async ([name, url]) => [name, await fileSha256(url.pathname)]),
    );
    return digestOf({
      sql: source.sql,
      columns: source.columns,
      notes: source.notes ?? {},
      raw: Object.fromEntries(raw),
    });
  } catch {
    return null;
  }
}

/** Ingests a source into its stage folder and remembers what from. */
export async function ingestSource({ workspace, progress }: Context, source: Source): Promise<Snapshot> {
  progress.start(`ingest ${source.name}`, ingestSteps.length);
  let done = 0;
  const inputs = await inputsOf(source);
  const snapshot = await ingest(source, {
    outDir: workspace.stageDir(source.name, 'ingest'),
    onProgress: () => progress.update(++done),
  });
  if (inputs !== null)
    await writeFileAtomic(
      join(workspace.stageDir(source.name, '.'), 'ingested.json'),
      canonicalJson({ inputs, snapshot: snapshot.digest }),
    );
  return snapshot;
}

/** The snapshot of a source as its files and SQL are now: the one at hand when it was made from these, else a new one. */
export async function currentSnapshot(context: Context, source: Source): Promise<Snapshot> {
  const dir = context.workspace.stageDir(source.name, 'ingest');
  const made = await readFile(join(context.workspace.stageDir(source.name, '.'), 'ingested.json'), 'utf8').catch(
    () => '{}',
  );
  const inputs = await inputsOf(source);
  try {
    const { inputs: then, snapshot: digest } = JSON.parse(made) as Record<string, string>;
    if (inputs !== null && then === inputs) {
      const snapshot = await readSnapshot(dir);
      if (snapshot.digest === digest) return snapshot;
    }
  } catch (error) {
    // A damaged snapshot is made again from its raw files.
    if (!(error instanceof InputError || error instanceof SyntaxError)) throw error;
  }
  return ingestSource(context, source);
}
