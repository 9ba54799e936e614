import { createHash } from 'node:crypto';
import { linkSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { jsonBody } from './bench-models.ts';
import { requestBytes } from './connection.ts';
import { median } from './percentile.ts';
import { type Service, startService } from './processes.ts';
import { change, count, type Measurement } from './row.ts';
import { failuresOf, keepAsking } from './tally.ts';

const swaps = 50;
/** Swaps after which memory counts as warm: loading is new to the process until then. */
const warmUpSwaps = 10;
const clients = 8;
const token = 'benchmark';

/** The middle of several looks: between two collections of garbage the level goes up and down. */
async function memoryMiB(service: Service): Promise<number> {
  const levels: number[] = [];
  for (let look = 0; look < 5; look++) {
    levels.push(service.rssMiB());
    await wait(200);
  }
  return median(levels);
}

interface Swapped {
  service: Service;
  /** Replaces the version that serves by another and waits until it does. */
  swapTo(version: number): Promise<void>;
}

/** Starts the service on version 1 of a model in a folder of its own. */
async function startSwapped(scratch: string, file: string): Promise<Swapped> {
  const folder = join(scratch, 'swapped', 'mlp');
  const place = (version: number) => {
    mkdirSync(join(folder, String(version)), { recursive: true });
    linkSync(file, join(folder, String(version), 'model.onnx'));
  };
  place(1);
  const service = await startService(scratch, {
    MODEL_REPOSITORY: join(scratch, 'swapped'),
    ADMIN_TOKEN_SHA256: createHash('sha256').update(token).digest('hex'),
  });
  const swapTo = async (version: number) => {
    place(version);
    rmSync(join(folder, String(version - 1)), { recursive: true });
    const headers = { authorization: `Bearer ${token}` };
    const answer = await fetch(`${service.adminUrl}/v2/repository/models/mlp/load`, { method: 'POST', headers });
    if (!answer.ok) throw new Error(`swap to version ${version}: ${answer.status} ${await answer.text()}`);
    await answer.text();
    const metadata = await fetch(`${service.url}/v2/models/mlp`);
    const { versions } = (await metadata.json()) as { versions: string[] };
    if (versions.join() !== String(version))
      throw new Error(`swap to version ${version}: serves ${versions.join(', ')}`);
  };
  return { service, swapTo };
}

/** Another version of the MLP instead of the one that serves, under load: nobody may notice, and memory must come back. */
export const swapping: Measurement = async ({ scratch, model, progress }) => {
  const { service, swapTo } = await startSwapped(scratch, model('mlp').file);
  try {
    const load = keepAsking(service.port, requestBytes('/v2/models/mlp/infer', jsonBody('mlp')), clients);
    await wait(2000);
    let warm = 0;
    for (let swap = 1; swap <= swaps; swap++) {
      await swapTo(swap + 1);
      if (swap === warmUpSwaps) warm = await memoryMiB(service);
      if (swap % 10 === 0) progress(`swap ${swap} of ${swaps}: ${count(service.rssMiB())} MiB`);
    }
    const last = await memoryMiB(service);
    const tally = await load.stop();
    const { failures, text } = failuresOf([tally]);
    return [
      {
        what: `swap under load, ${swaps} times`,
        bound: '0 failed admitted requests',
        measured: `${text} (of ${count(tally.answered)}; ${count(tally.refused)} refused)`,
        holds: failures + tally.turnedAway === 0,
      },
      {
        what: `memory over ${swaps} swaps`,
        bound: 'within 20 %',
        measured: `${change(warm, last)} (${count(warm)} to ${count(last)} MiB)`,
        holds: last <= 1.2 * warm,
      },
    ];
  } finally {
    await service.stop();
  }
};
