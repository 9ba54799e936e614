import { jsonBody } from './bench-models.ts';
import { closedLoop } from './closed-loop.ts';
import { startService } from './processes.ts';
import { count, type Measurement } from './row.ts';

const requests = 1_000_000;

/** Memory over a million requests on trees, beside its level after the first ten seconds of them. */
export const soak: Measurement = async ({ scratch, model, progress }) => {
  const service = await startService(scratch, { MODEL_REPOSITORY: model('trees').repository });
  try {
    const load = { url: `${service.url}/v2/models/trees/infer`, body: jsonBody('trees'), connections: 32, seconds: 10 };
    let { requests: done } = await closedLoop(load);
    const levels = [service.rssMiB()];
    while (done < requests) {
      done += (await closedLoop(load)).requests;
      levels.push(service.rssMiB());
      progress(`soak: ${count(done)} requests, ${levels.at(-1)?.toFixed(0)} MiB`);
    }
    const [warm = 0, last = 0] = [levels[0], levels.at(-1)];
    const change = (100 * (last - warm)) / warm;
    return [
      {
        what: `memory over ${count(requests)} requests`,
        bound: 'within 20 %',
        measured: `${change >= 0 ? '+' : ''}${change.toFixed(0)} % (${warm.toFixed(0)} to ${last.toFixed(0)} MiB)`,
        holds: change <= 20,
      },
    ];
  } finally {
    await service.stop();
  }
};
