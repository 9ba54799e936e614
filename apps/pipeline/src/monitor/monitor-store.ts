import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalJson } from '@repo/contract/canonical-json';
import { formatInstant, parseInstant } from '@repo/contract/instant';
import { type MonitorFindings, monitorFindingsSchema } from '@repo/contract/monitor-findings';
import { nameSchema } from '@repo/contract/name';
import { windowSchema } from '@repo/monitoring/window';
import { localStateDir } from '@repo/registry/local-state-dir';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import type { Context } from '../context.ts';

/** One span of traffic, as a file holds it: a window of each version that answered. */
const spanSchema = z.strictObject({
  schemaVersion: z.literal(1),
  model: nameSchema,
  fromUs: z.int(),
  toUs: z.int(),
  /** What was known up to then. */
  atUs: z.int(),
  /** Whether labels had their time: it is not made again. */
  final: z.boolean(),
  windows: z.array(windowSchema),
});

export type Span = z.infer<typeof spanSchema>;

/** Where what `causeway monitor` makes is kept: `monitor/<model>/` of the state folder. Every file is written whole or not at all. */
export interface MonitorStore {
  readonly dir: string;
  /** Spans of this length that are there, oldest first; damaged files, and those of another length, are passed over and so made again. */
  spans(windowUs: number): Span[];
  putSpan(span: Span): Promise<void>;
  /** Findings of a moment; they become the latest unless newer ones are there. */
  putFindings(findings: MonitorFindings): Promise<void>;
  /** A page, by the Monday of the week that a moment lies in. Returns its path. */
  putPage(atUs: number, html: string): Promise<string>;
}

/** Names sort as their moments do, to the second, and are files and keys of objects everywhere: no colon, no capital. Readers know them by this form. */
const momentName = (us: number): string =>
  formatInstant(Math.floor(us / 1e6) * 1e6)
    .replaceAll(/[-:]/g, '')
    .toLowerCase();

function readJson<T>(path: string, schema: z.ZodType<T>): T | null {
  try {
    return schema.safeParse(JSON.parse(readFileSync(path, 'utf8'))).data ?? null;
  } catch {
    return null;
  }
}

const dayUs = 86_400e6;

/** The Monday, UTC, of the week that a moment lies in; day 0 of 1970 was a Thursday. */
function mondayOf(us: number): string {
  const day = Math.floor(us / dayUs);
  return formatInstant((day - ((day + 3) % 7)) * dayUs).slice(0, 10);
}

/** Opens the folder of a model, which is made. */
export function openMonitorStore({ stateUrl, workspace }: Context, model: string): MonitorStore {
  const dir = join(localStateDir(stateUrl, workspace.root), 'monitor', model);
  const [windows, findings] = [join(dir, 'windows'), join(dir, 'findings')];
  for (const folder of [windows, findings]) mkdirSync(folder, { recursive: true });
  return {
    dir,
    spans: (windowUs) =>
      readdirSync(windows)
        .filter((name) => name.endsWith('.json'))
        .sort()
        .flatMap((name) => readJson(join(windows, name), spanSchema) ?? [])
        .filter((span) => span.model === model && span.toUs - span.fromUs === windowUs),
    putSpan: (span) => writeFileAtomic(join(windows, `${momentName(span.fromUs)}.json`), canonicalJson(span)),
    async putFindings(found) {
      const atUs = parseInstant(found.at, 'at');
      const content = canonicalJson(found);
      await writeFileAtomic(join(findings, `${momentName(atUs)}.json`), content);
      const latest = readJson(join(dir, 'latest.json'), monitorFindingsSchema);
      if (latest === null || parseInstant(latest.at, 'at') <= atUs)
        await writeFileAtomic(join(dir, 'latest.json'), content);
    },
    async putPage(atUs, html) {
      const path = join(dir, `week-${mondayOf(atUs)}.html`);
      await writeFileAtomic(path, html);
      return path;
    },
  };
}
