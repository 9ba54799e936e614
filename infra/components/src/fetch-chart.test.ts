import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sha256 } from '@repo/contract/canonical-json';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fetchChart } from './fetch-chart.ts';
import { archivePath, type Chart, platformCharts } from './platform-charts.ts';

const archive = new TextEncoder().encode('archive');
const serve = async () => archive;
const never = async () => expect.fail('downloaded');
const chart = (digest: string | null): Chart => ({ ...platformCharts.keda, sha256: digest });
const setting = 'monitoring:key';
const path = archivePath(platformCharts.keda);

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'charts-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('what was verified lies where Helm reads it, and is fetched once', async () => {
  expect(await fetchChart(chart(sha256(archive)), { setting, folder, download: serve })).toBe(path);
  expect(readFileSync(join(folder, path), 'utf8')).toBe('archive');
  expect(await fetchChart(chart(sha256(archive)), { setting, folder, download: never })).toBe(path);
});

test('a chart without a digest of its own passes by one that is given', async () => {
  const given = sha256(archive);
  expect(await fetchChart(chart(null), { given, setting, folder, download: serve })).toBe(path);
});

test('an archive that was changed where it lies is fetched again', async () => {
  await fetchChart(chart(sha256(archive)), { setting, folder, download: serve });
  writeFileSync(join(folder, path), 'another');
  await fetchChart(chart(sha256(archive)), { setting, folder, download: serve });
  expect(readFileSync(join(folder, path), 'utf8')).toBe('archive');
});

test('another archive under the same version is refused, and not kept', async () => {
  const other = fetchChart(chart('0'.repeat(64)), { setting, folder, download: serve });
  await expect(other).rejects.toThrow(
    /received SHA-256 \w{64}; allowed: the archive with SHA-256 0{64}; do not install it/,
  );
  expect(existsSync(join(folder, path))).toBe(false);
});

test('a chart whose digest nobody has given is not downloaded', async () => {
  await expect(fetchChart(chart(null), { setting, folder, download: never })).rejects.toThrow(
    /^monitoring:key: received nothing; .*curl -fsSLO https:\S+keda\S+.* give what sha256sum says of it as monitoring:key$/,
  );
});

test('a network that is away is told with the address, and where the archive may be put instead', async () => {
  const away = async () => Promise.reject(new Error('ENOTFOUND'));
  await expect(fetchChart(chart('0'.repeat(64)), { setting, folder, download: away })).rejects.toThrow(
    /^https:\/\/kedacore.* received ENOTFOUND; .*put the archive at \.charts\//,
  );
});
