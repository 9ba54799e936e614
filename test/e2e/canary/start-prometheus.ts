import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { targetLabels } from '@repo/contract/target-label';
import { freePort } from '../free-port.ts';
import { type Running, startProgram } from './start-program.ts';

const copied = (from: string, to: string) => ({ source_labels: [from], target_label: to });

/** Finds pods and reads their metrics through the API of the cluster, which works from this machine whatever the cluster's network is. */
function configOf(api: string, namespace: string) {
  return {
    global: { scrape_interval: '2s', scrape_timeout: '2s' },
    scrape_configs: [
      {
        job_name: 'models',
        kubernetes_sd_configs: [{ role: 'pod', api_server: `http://${api}`, namespaces: { names: [namespace] } }],
        relabel_configs: [
          { source_labels: ['__meta_kubernetes_pod_container_port_name'], regex: 'metrics', action: 'keep' },
          { source_labels: ['__meta_kubernetes_pod_phase'], regex: 'Running', action: 'keep' },
          ...Object.values(targetLabels).map((label) => copied(`__meta_kubernetes_pod_label_${label}`, label)),
          copied('__meta_kubernetes_namespace', 'namespace'),
          copied('__meta_kubernetes_pod_name', 'pod'),
          {
            source_labels: ['__meta_kubernetes_namespace', '__meta_kubernetes_pod_name'],
            separator: '/',
            regex: '(.+)/(.+)',
            replacement: '/api/v1/namespaces/$1/pods/$2:9090/proxy/metrics',
            target_label: '__metrics_path__',
          },
          { target_label: '__address__', replacement: api },
        ],
      },
    ],
  };
}

/** A Prometheus over the pods of a namespace, and one that knows nothing. */
export async function startPrometheus(
  folder: string,
  namespace: string | null,
  env: NodeJS.ProcessEnv,
): Promise<Running & { readonly url: string }> {
  const proxy = namespace === null ? null : await startProgram('kubectl', ['proxy', '--port=0'], /^Starting to serve/, { env });
  const api = /\S+$/.exec(proxy?.readyLine ?? '')?.[0] ?? '';
  const dir = join(folder, `prometheus-${namespace ?? 'empty'}`);
  mkdirSync(dir);
  const file = join(dir, 'prometheus.yaml');
  // JSON is YAML.
  writeFileSync(file, JSON.stringify(namespace === null ? { scrape_configs: [] } : configOf(api, namespace)));
  const port = await freePort();
  const args = [`--config.file=${file}`, `--storage.tsdb.path=${dir}/data`, `--web.listen-address=127.0.0.1:${port}`];
  const server = await startProgram('prometheus', args, /Server is ready/, { env });
  const stop = async () => void (await Promise.all([server.stop(), proxy?.stop()]));
  return { url: `http://127.0.0.1:${port}`, lines: server.lines, stop };
}
