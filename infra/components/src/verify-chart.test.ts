import { sha256 } from '@repo/contract/canonical-json';
import { expect, test } from 'vitest';
import { type Chart, platformCharts } from './platform-charts.ts';
import { verifyChart } from './verify-chart.ts';

const archive = new TextEncoder().encode('archive');
const serve = async () => archive;
const chart = (digest: string | null): Chart => ({ ...platformCharts.keda, sha256: digest });

test('the archive that was pinned passes, by its own digest or by one that is given', async () => {
  await verifyChart(chart(sha256(archive)), undefined, 'key', serve);
  await verifyChart(chart(null), sha256(archive), 'key', serve);
});

test('another archive under the same version is refused', async () => {
  const other = verifyChart(chart('0'.repeat(64)), undefined, 'key', serve);
  await expect(other).rejects.toThrow(
    /received SHA-256 \w{64}; allowed: the archive with SHA-256 0{64}; do not install it/,
  );
});

test('a chart whose digest nobody has given is not downloaded', async () => {
  const never = async () => expect.fail('downloaded');
  await expect(verifyChart(chart(null), undefined, 'monitoring:key', never)).rejects.toThrow(
    /^monitoring:key: received nothing; .* give its SHA-256 as monitoring:key$/,
  );
});

test('a network that is away is told with the address', async () => {
  const away = async () => Promise.reject(new Error('ENOTFOUND'));
  await expect(verifyChart(chart('0'.repeat(64)), undefined, 'key', away)).rejects.toThrow(
    /^https:\/\/kedacore.* received ENOTFOUND/,
  );
});
