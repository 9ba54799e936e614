import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { platformCharts } from '@repo/components/platform-charts';
import { verifyChart } from '@repo/components/verify-chart';

/** Gets the bytes behind a URL. */
type Download = (url: string) => Promise<Uint8Array>;

const download: Download = async (url) => {
  const response = await fetch(url, { signal: AbortSignal.timeout(60_000) });
  if (!response.ok) throw new Error(`status ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
};

/**
 * Installs Argo Rollouts into the cluster that KUBECONFIG names, from the chart that the program monitoring installs on AWS, and waits until
 * it runs. What helm is given is the very file whose digest was compared. Throws InputError where that is not the one that is pinned,
 * and Error where helm fails.
 */
export async function installRollouts(get = download): Promise<void> {
  const { rollouts } = platformCharts;
  const folder = mkdtempSync(join(tmpdir(), 'rollouts-'));
  try {
    const archive = join(folder, 'chart.tgz');
    const keep: Download = async (url) => {
      const bytes = await get(url);
      writeFileSync(archive, bytes);
      return bytes;
    };
    await verifyChart(rollouts, undefined, 'platform-charts.ts', keep);
    const namespace = ['--namespace', rollouts.namespace, '--create-namespace'];
    const waiting = ['--wait', '--timeout', '5m'];
    const args = ['upgrade', '--install', 'argo-rollouts', archive, ...namespace, ...waiting, '--values', '-'];
    const input = JSON.stringify(rollouts.values);
    const { status, error } = spawnSync('helm', args, { input, stdio: ['pipe', 'inherit', 'inherit'] });
    if (status !== 0) throw new Error(`helm ${args.join(' ')}: ${error?.message ?? `exit code ${status}`}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

// `node test/e2e/infra/install-rollouts.ts`
if (import.meta.main) await installRollouts();
