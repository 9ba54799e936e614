import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { sha256 } from '@repo/contract/canonical-json';
import { InputError } from '@repo/contract/input-error';
import { archivePath, type Chart } from './platform-charts.ts';

/** Gets the bytes behind a URL. */
type Download = (url: string) => Promise<Uint8Array>;

export interface FetchChartOptions {
  /** SHA-256 of a chart whose own is not known. Left out: none is given, and such a chart is refused. */
  readonly given?: string | undefined;
  /** Where to give it. */
  readonly setting: string;
  /** That of the program. Left out: the working folder, which it is while the program runs. */
  readonly folder?: string;
  /** Left out: over the network, within a minute. */
  readonly download?: Download;
}

const overNetwork: Download = async (url) => {
  const response = await fetch(url, { signal: AbortSignal.timeout(60_000) });
  if (!response.ok) throw new Error(`status ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
};

/** The archive as it was fetched before; null: it was not. */
function atHand(path: string): Uint8Array | null {
  try {
    return readFileSync(path);
  } catch {
    return null;
  }
}

/** Whole or not at all: another `up` may read it meanwhile. */
function keep(path: string, bytes: Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}.tmp`;
  writeFileSync(temporary, bytes);
  renameSync(temporary, path);
}

/**
 * Path of the archive that a chart is pinned to, below the folder of the program: fetched once, and what was verified is what Helm reads, which is
 * never asked to download. Throws InputError for other bytes than those of the digest, and for a chart that has none.
 */
export async function fetchChart(chart: Chart, options: FetchChartOptions): Promise<string> {
  const { given, setting, folder = '.', download = overNetwork } = options;
  const path = archivePath(chart);
  const file = join(folder, path);
  const expected = chart.sha256 ?? given;
  if (expected === undefined) {
    const action = `download it (curl -fsSLO ${chart.url}), look at it, and give what sha256sum says of it as ${setting}`;
    throw new InputError({ path: setting, received: 'nothing', allowed: 'the SHA-256 of the archive', action });
  }
  const before = atHand(file);
  if (before !== null && sha256(before) === expected) return path;
  const refuse = (received: string, action: string): never => {
    throw new InputError({ path: chart.url, received, allowed: `the archive with SHA-256 ${expected}`, action });
  };
  const bytes = await download(chart.url).catch((error: Error) =>
    refuse(error.message, `bring the network back, or put the archive at ${path}`),
  );
  const received = sha256(bytes);
  if (received !== expected) refuse(`SHA-256 ${received}`, 'do not install it: it is not what was pinned');
  keep(file, bytes);
  return path;
}
