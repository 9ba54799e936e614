import { jsonBody } from './bench-models.ts';
import { closedLoop } from './closed-loop.ts';
import { median } from './percentile.ts';
import { startService } from './processes.ts';
import { change, count, type Measurement } from './row.ts';

const requests = 1_000_000;
/** Requests after which memory counts as warm: until then code is compiled and the heap takes its size. */
const warmUpRequests = 100_000;
/** Garbage makes the level go up and down, so that each end is the middle of this many looks, one every five seconds. */
const looks = 3;

/** Memory over a million requests on trees, beside its level after warm-up. */
export const soak: Measurement = async ({ scratch, model, progress }) => {
  const service = await startService(scratch, { MODEL_REPOSITORY: model('trees').repository });
  try {
    const load = { url: `${service.url}/v2/models/trees/infer`, body: jsonBody('trees'), connections: 32, seconds: 5 };
    const levels: number[] = [];
    let done = 0;
    while (done < requests) {
      done += (await closedLoop(load)).requests;
      const level = service.rssMiB();
      if (done >= warmUpRequests) levels.push(level);
      progress(`soak: ${count(done)} requests, ${count(level)} MiB`);
    }
    const [warm, last] = [median(levels.slice(0, looks)), median(levels.slice(-looks))];
    return [
      {
        what: `memory over ${count(requests)} requests`,
        bound: 'within 20 %',
        measured: `${change(warm, last)} (${count(warm)} to ${count(last)} MiB)`,
        holds: last <= 1.2 * warm,
      },
    ];
  } finally {
    await service.stop();
  }
};
