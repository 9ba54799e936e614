import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fetchChart } from '@repo/components/fetch-chart';
import { platformCharts } from '@repo/components/platform-charts';

/** Gets the bytes behind a URL. */
type Download = (url: string) => Promise<Uint8Array>;

/**
 * Installs Argo Rollouts into the cluster that KUBECONFIG names, from the chart that the program monitoring installs on AWS, and waits until
 * it runs. What helm is given is the very file whose digest was compared. Throws InputError where that is not the one that is pinned,
 * and Error where helm fails.
 */
export async function installRollouts(download?: Download): Promise<void> {
  const { rollouts } = platformCharts;
  const folder = mkdtempSync(join(tmpdir(), 'rollouts-'));
  try {
    const options = { setting: 'platform-charts.ts', folder, ...(download === undefined ? {} : { download }) };
    const archive = join(folder, await fetchChart(rollouts, options));
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
