import type { Context } from '../context.ts';
import type { Outcome } from '../outcome.ts';
import { ingestSource } from '../snapshots.ts';
import { loadSource } from '../workspace.ts';

/** `causeway ingest <source>`: raw files to a typed snapshot. Lists what a person should know about them. */
export async function ingestVerb(context: Context, name: string): Promise<Outcome> {
  const source = await loadSource(context.workspace, name);
  const { manifest, digest } = await ingestSource(context, source);
  const notes = Object.entries(manifest.notes).filter(([, values]) => values.length > 0);
  const lines = notes.map(([title, values]) => `${title}: ${values.join(', ')}`);
  return {
    exitCode: 0,
    json: { source: name, digest, manifest },
    text: [`${name}: ${manifest.rows} rows, ${digest}`, ...lines].join('\n'),
  };
}
