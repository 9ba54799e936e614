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
const warmUpSwaps = 5;
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

/** Another version of the MLP instead of the one that serves, under load: nobody may notice, and memory must come back. */
export const swapping: Measurement = async ({ scratch, model, progress }) => {
  const repository = join(scratch, 'swapped');
  const file = model('mlp').file;
  const place = (version: number) => {
    mkdirSync(join(repository, 'mlp', String(version)), { recursive: true });
    linkSync(file, join(repository, 'mlp', String(version), 'model.onnx'));
  };
  place(1);
  const service = await startService(scratch, {
    MODEL_REPOSITORY: repository,
    ADMIN_TOKEN_SHA256: createHash('sha256').update(token).digest('hex'),
  });
  const swapTo = async (version: number) => {
    place(version);
    rmSync(join(repository, 'mlp', String(version - 1)), { recursive: true });
    const url = `${service.adminUrl}/v2/repository/models/mlp/load`;
    const answer = await fetch(url, { method: 'POST', headers: { authorization: `Bearer ${token}` } });
    if (!answer.ok) throw new Error(`swap to version ${version}: ${answer.status} ${await answer.text()}`);
    await answer.text();
    const metadata = await fetch(`${service.url}/v2/models/mlp`);
    const { versions } = (await metadata.json()) as { versions: string[] };
    if (versions.join() !== String(version))
      throw new Error(`swap to version ${version}: serves ${versions.join(', ')}`);
  };
  try {
    const load = keepAsking(service.port, requestBytes('/v2/models/mlp/infer', jsonBody('mlp')), clients);
    await wait(2000);
    let warm = 0;
    for (let swap = 1; swap <= swaps; swap++) {
      await swapTo(swap + 1);
      if (swap === warmUpSwaps) warm = await memoryMiB(service);
      if (swap % 10 === 0) progress(`swap ${swap} of ${swaps}: ${service.rssMiB().toFixed(0)} MiB`);
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
