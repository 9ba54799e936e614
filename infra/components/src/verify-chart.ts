import { sha256 } from '@repo/contract/canonical-json';
import { InputError } from '@repo/contract/input-error';
import type { Chart } from './platform-charts.ts';

/** Gets the bytes behind a URL. */
type Download = (url: string) => Promise<Uint8Array>;

/** Over the network, within a minute. */
const download: Download = async (url) => {
  const response = await fetch(url, { signal: AbortSignal.timeout(60_000) });
  if (!response.ok) throw new Error(`status ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
};

/**
 * Throws InputError unless what lies at a chart's URL is the archive that it is pinned to. `given` is the digest of a chart whose own is not
 * known; `setting` is where to give it.
 */
export async function verifyChart(
  chart: Chart,
  given: string | undefined,
  setting: string,
  get = download,
): Promise<void> {
  const expected = chart.sha256 ?? given;
  if (expected === undefined) {
    const action = `download ${chart.url}, look at it, and give its SHA-256 as ${setting}`;
    throw new InputError({ path: setting, received: 'nothing', allowed: 'the SHA-256 of the archive', action });
  }
  const refuse = (received: string, action: string): never => {
    throw new InputError({ path: chart.url, received, allowed: `the archive with SHA-256 ${expected}`, action });
  };
  const bytes = await get(chart.url).catch((error: Error) =>
    refuse(error.message, 'bring the network back, or mirror the chart'),
  );
  const received = sha256(bytes);
  if (received !== expected) refuse(`SHA-256 ${received}`, 'do not install it: it is not what was pinned');
}
