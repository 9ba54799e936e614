import { setTimeout as wait } from 'node:timers/promises';
import { jsonBody } from './bench-models.ts';
import { closedLoop } from './closed-loop.ts';
import { type Outcome, openConnection, requestBytes } from './connection.ts';
import { percentile } from './percentile.ts';
import { startService } from './processes.ts';
import { count, type Measurement, millis } from './row.ts';

const everyMs = 10;

/** How long a liveness probe takes while the MLP is given all that it can do. */
export const liveness: Measurement = async ({ scratch, model }) => {
  const service = await startService(scratch, { MODEL_REPOSITORY: model('mlp').repository });
  try {
    const load = { url: `${service.url}/v2/models/mlp/infer`, body: jsonBody('mlp'), connections: 32 };
    await closedLoop({ ...load, seconds: 3 });
    let loaded = true;
    const done = closedLoop({ ...load, seconds: 10 }).finally(() => {
      loaded = false;
    });
    const connection = openConnection(service.port);
    const request = requestBytes('/v2/health/live');
    const probes: number[] = [];
    let failed = 0;
    while (loaded) {
      const start = performance.now();
      const outcome = await new Promise<Outcome>((resolve) => connection.send(request, resolve));
      probes.push(performance.now() - start);
      if (!('status' in outcome && outcome.status === 200)) failed++;
      await wait(everyMs);
    }
    connection.close();
    await done;
    const p99 = percentile(probes, 0.99);
    return [
      {
        what: 'liveness p99 while mlp saturates',
        bound: 'below 50 ms',
        measured: `${millis(p99)} (${count(probes.length)} probes, ${failed} failed)`,
        holds: p99 < 50 && failed === 0,
      },
    ];
  } finally {
    await service.stop();
  }
};
