import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { targetLabels } from '@repo/contract/target-label';
import { createCopiedWorkspace } from '../copied-workspace.ts';
import { type Served, serveWorkspace } from '../served-workspace.ts';
import { type FlightRequest, flightRequests } from './flight-requests.ts';
import { pinNextVersion } from './next-version.ts';
import { plantFindings } from './plant-findings.ts';
import { createPrometheus, type Prometheus } from './prometheus.ts';
import { serveRecorded } from './recorded-exposition.ts';
import { pinSameVersions } from './same-versions.ts';
import { askOddly, overload, replay } from './traffic.ts';

const model = 'flight-delay';
const recorded = fileURLToPath(new URL('../fixtures/argo-rollouts-1.9.1', import.meta.url));

/** Hashes of the templates of the two pods. */
export const hashes = { stable: '65585648f6', canary: '745cc795f' } as const;

/** A service on two pods, everything that happened to it, and a Prometheus that watched. */
export interface WatchedWorld {
  readonly prometheus: Prometheus;
  /** Seconds since 1970 from when on it watched. */
  readonly beganS: number;
  remove(): Promise<void>;
}

/** A pod as a target, with the labels that its monitor copies. */
const podTarget = (served: Served, variant: keyof typeof hashes) => ({
  job: 'service',
  port: served.adminPort,
  labels: {
    [targetLabels.model]: model,
    [targetLabels.variant]: variant,
    [targetLabels.templateHash]: hashes[variant],
    namespace: 'models',
    pod: `${model}-${variant}-1`,
  },
});

/** Half a minute in which everything happens that metrics tell of: good traffic and bad, a new version, a damaged one, a crowd. */
async function drive(stable: Served, canary: Served, modelDir: string): Promise<void> {
  const flights = await flightRequests();
  const [flight] = flights as [FlightRequest];
  const [steady, small] = [replay(stable, flights, 50), replay(canary, flights, 15)];
  await wait(5000);
  const odd = async () => [await askOddly(stable, flight), await askOddly(canary, flight)];
  await odd();
  pinNextVersion(modelDir);
  await wait(5000);
  // Again, as a rate needs two moments.
  console.log(...(await odd()));
  console.log('overload:', await overload(canary, 300));
  pinNextVersion(modelDir, true);
  await wait(15_000);
  console.log('replayed:', await steady.stop(), await small.stop());
  await wait(2000);
}

/**
 * Serves the real model from a copy of this workspace: a stable pod with everything, and a canary whose online store is away, which meets what
 * the first does not; both with an experiment of the champion against itself. Resolves when all has happened, with Prometheus still there to be asked.
 */
export async function createWatchedWorld(rules: object): Promise<WatchedWorld> {
  const workspace = createCopiedWorkspace();
  const modelDir = join(workspace.root, 'models', model);
  const begun: (() => unknown)[] = [workspace.remove];
  const remove = async () => {
    for (const end of begun.splice(0).reverse()) await end();
  };
  const serve = async (environment: Record<string, string>): Promise<Served> => {
    const served = await serveWorkspace(workspace.root, { REGISTRY_POLL_MS: '500', LOG_LEVEL: 'info', ...environment });
    begun.push(() => served.stop());
    return served;
  };
  try {
    await workspace.succeed('causeway', 'materialize', model, '--at', '2013-12-24T16:00:00Z');
    pinSameVersions(modelDir, 'tailnum');
    plantFindings(join(workspace.root, '.causeway/state'), model);
    const stable = await serve({});
    const state = `file:${workspace.root}/.causeway/canary`;
    const canary = await serve({ VARIANT: 'canary', CAUSEWAY_STATE: state, ONLINE_STORE: 'redis://127.0.0.1:9' });
    const controller = await serveRecorded(recorded, 5);
    begun.push(controller.close);
    const labels = { namespace: 'argo-rollouts', pod: 'argo-rollouts-1' };
    const rollouts = { job: 'rollouts', port: controller.port, labels, honorLabels: true };
    const targets = [podTarget(stable, 'stable'), podTarget(canary, 'canary'), rollouts];
    const prometheus = await createPrometheus(targets, [rules]);
    begun.push(prometheus.remove);
    const beganS = Date.now() / 1000;
    await drive(stable, canary, modelDir);
    return { prometheus, beganS, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}
