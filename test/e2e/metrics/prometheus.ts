import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { freePort } from '../free-port.ts';

/** Something that Prometheus scrapes every second. */
export interface Target {
  readonly job: string;
  readonly port: number;
  /** Labels that the scrape adds, as a PodMonitor takes them from a pod. */
  readonly labels: Readonly<Record<string, string>>;
  /** Keep a label of a series that the scrape has too. Default: it becomes `exported_<label>`. */
  readonly honorLabels?: boolean;
}

/** A series with its values over time; a sample is seconds since 1970 and a number as text. */
export interface Series {
  readonly metric: Readonly<Record<string, string>>;
  readonly values: readonly (readonly [number, string])[];
}

/** A Prometheus of a test. */
export interface Prometheus {
  /** How many series a vector selector found since the start. */
  countSeries(selector: string): Promise<number>;
  /** The result of a query now. Throws what Prometheus says against it. */
  query(promql: string): Promise<{ metric: Record<string, string>; value: [number, string] }[]>;
  /** The result of a query over the last `seconds`, a sample every `stepSeconds`. */
  range(promql: string, seconds: number, stepSeconds: number): Promise<Series[]>;
  /** Rules that it holds, and those that could not be evaluated. */
  rules(): Promise<{ loaded: string[]; broken: string[] }>;
  remove(): Promise<void>;
}

function configOf(targets: readonly Target[], ruleFiles: readonly string[]): object {
  return {
    global: { scrape_interval: '1s', evaluation_interval: '1s' },
    rule_files: ruleFiles,
    scrape_configs: targets.map(({ job, port, labels, honorLabels = false }) => ({
      job_name: `${job}-${port}`,
      honor_labels: honorLabels,
      static_configs: [{ targets: [`127.0.0.1:${port}`], labels }],
    })),
  };
}

const startMs = 20_000;

async function untilReady(url: string): Promise<void> {
  const lastMs = Date.now() + startMs;
  while (Date.now() < lastMs) {
    const ready = await fetch(`${url}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (ready) return;
    await wait(100);
  }
  throw new Error(`prometheus was not ready within ${startMs / 1000} s`);
}

/** Starts Debian's prometheus on a free port with these rules, each a file; it keeps nothing. Throws when a rule cannot be read. */
export async function createPrometheus(targets: readonly Target[], rules: readonly object[]): Promise<Prometheus> {
  const folder = mkdtempSync(join(tmpdir(), 'prometheus-'));
  const files = rules.map((_, i) => join(folder, `rules-${i}.json`));
  for (const [i, file] of files.entries()) writeFileSync(file, JSON.stringify(rules[i]));
  const config = join(folder, 'prometheus.json');
  writeFileSync(config, JSON.stringify(configOf(targets, files)));
  const check = spawnSync('promtool', ['check', 'config', config], { encoding: 'utf8', timeout: startMs });
  if (check.status !== 0) throw new Error(check.stdout + check.stderr);
  const port = await freePort();
  const flags = [
    `--config.file=${config}`,
    `--storage.tsdb.path=${folder}/data`,
    `--web.listen-address=127.0.0.1:${port}`,
  ];
  const child = spawn('prometheus', [...flags, '--log.level=error'], { stdio: ['ignore', 'inherit', 'inherit'] });
  const url = `http://127.0.0.1:${port}`;
  const beganS = Date.now() / 1000;
  await untilReady(url);
  const ask = async <T>(path: string, parameters: Record<string, string | number>): Promise<T> => {
    const text = new URLSearchParams(
      Object.entries(parameters).map(([key, value]): [string, string] => [key, `${value}`]),
    );
    const answer = (await (await fetch(`${url}/api/v1/${path}?${text}`)).json()) as { data: T; error?: string };
    if (answer.error !== undefined) throw new Error(`${path} ${text}: ${answer.error}`);
    return answer.data;
  };
  return {
    countSeries: async (selector) => (await ask<unknown[]>('series', { 'match[]': selector, start: beganS })).length,
    query: async (query) => (await ask<{ result: [] }>('query', { query })).result,
    range: async (query, seconds, step) => {
      const end = Date.now() / 1000;
      return (await ask<{ result: Series[] }>('query_range', { query, start: end - seconds, end, step })).result;
    },
    rules: async () => {
      const { groups } = await ask<{ groups: { rules: { name: string; health: string; lastError?: string }[] }[] }>(
        'rules',
        {},
      );
      const all = groups.flatMap((group) => group.rules);
      const broken = all.filter(({ health }) => health !== 'ok');
      return {
        loaded: all.map(({ name }) => name),
        broken: broken.map(({ name, lastError }) => `${name}: ${lastError}`),
      };
    },
    remove: async () => {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
