import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../free-port.ts';
import { followPods } from './follow-pods.ts';
import { type Running, startProgram } from './start-program.ts';

/** A Prometheus that is told its targets by `file`. */
async function startServer(
  dir: string,
  file: string,
  env: NodeJS.ProcessEnv,
): Promise<Running & { readonly url: string }> {
  const config = join(dir, 'prometheus.yaml');
  const jobs = [{ job_name: 'models', file_sd_configs: [{ files: [file] }] }];
  // JSON is YAML.
  writeFileSync(
    config,
    JSON.stringify({ global: { scrape_interval: '2s', scrape_timeout: '2s' }, scrape_configs: jobs }),
  );
  const address = `127.0.0.1:${await freePort()}`;
  const args = [`--config.file=${config}`, `--storage.tsdb.path=${dir}/data`, `--web.listen-address=${address}`];
  const server = await startProgram('prometheus', args, /Server is ready/, { env });
  return { url: `http://${address}`, lines: server.lines, stop: server.stop };
}

/** A Prometheus over the pods of a namespace; null: one that knows nothing. */
export async function startPrometheus(folder: string, namespace: string | null, env: NodeJS.ProcessEnv) {
  const dir = join(folder, `prometheus-${namespace ?? 'empty'}`);
  mkdirSync(dir);
  const file = join(dir, 'targets.json');
  if (namespace === null) return startServer(dir, file, env);
  const proxy = await startProgram('kubectl', ['proxy', '--port=0'], /^Starting to serve/, { env });
  const stopFollowing = followPods(/\S+$/.exec(proxy.readyLine)?.[0] ?? '', namespace, file);
  const server = await startServer(dir, file, env);
  const stop = async (): Promise<void> => {
    stopFollowing();
    await Promise.all([server.stop(), proxy.stop()]);
  };
  return { ...server, stop };
}
