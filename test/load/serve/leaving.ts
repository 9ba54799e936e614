import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { jsonBody } from './bench-models.ts';
import { requestBytes } from './connection.ts';
import { startService } from './processes.ts';
import { count, type Measurement } from './row.ts';
import { failuresOf, keepAsking, type Tally } from './tally.ts';

const times = 20;
const clients = 32;

/**
 * SIGTERM while the MLP is under load. The wait before the port closes is short but not 0: in it every answer asks the client to go elsewhere, so
 * that no request crosses a connection that is just being closed, which no server can tell from one that it never got.
 */
export const leaving: Measurement = async ({ scratch, model, progress }) => {
  const request = requestBytes('/v2/models/mlp/infer', jsonBody('mlp'));
  const tallies: Tally[] = [];
  const codes: (number | null)[] = [];
  for (let time = 1; time <= times; time++) {
    const service = await startService(mkdtempSync(join(scratch, 'leave-')), {
      MODEL_REPOSITORY: model('mlp').repository,
      PRESTOP_DELAY_MS: '100',
    });
    const load = keepAsking(service.port, request, clients);
    await wait(400);
    codes.push(await service.stop());
    tallies.push(await load.stop());
    progress(`SIGTERM ${time} of ${times}: exit code ${codes.at(-1)}, ${JSON.stringify(tallies.at(-1))}`);
  }
  const { failures, text } = failuresOf(tallies);
  const clean = codes.every((code) => code === 0);
  const answered = tallies.reduce((sum, tally) => sum + tally.answered, 0);
  return [
    {
      what: `SIGTERM under load, ${times} times`,
      bound: '0 failed admitted requests',
      measured: `${text} (of ${count(answered)}; exit codes ${[...new Set(codes)].join(', ')})`,
      holds: failures === 0 && clean,
    },
  ];
};
