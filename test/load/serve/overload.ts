import { jsonBody } from './bench-models.ts';
import { closedLoop } from './closed-loop.ts';
import { requestBytes } from './connection.ts';
import { openLoop } from './open-loop.ts';
import { percentile } from './percentile.ts';
import { startService } from './processes.ts';
import { count, type Measurement, millis, rate } from './row.ts';

const deadlineMs = 500;
/** More than a full batch, so that the peak is the peak. */
const peakConnections = 64;
/**
 * The crowd comes from one moment to the next, and its thousand connections must first be accepted. What it meets until then is a row of its
 * own; the others are about what goes on for as long as the crowd stays.
 */
const onsetMs = 2000;
const seconds = 10;

/**
 * Three times what the service can do on the MLP, arriving by the clock: it must go on answering what it can in time and refuse the
 * rest at once.
 */
export const overload: Measurement = async ({ scratch, model, progress }) => {
  const service = await startService(scratch, {
    MODEL_REPOSITORY: model('mlp').repository,
    DEFAULT_TIMEOUT_MS: String(deadlineMs),
  });
  try {
    const [path, body] = ['/v2/models/mlp/infer', jsonBody('mlp')];
    const load = { url: service.url + path, body, connections: peakConnections, refusalsAllowed: true };
    await closedLoop({ ...load, seconds: 3 });
    const { perSecond: peak } = await closedLoop({ ...load, seconds: 5 });
    const request = requestBytes(path, body);
    await openLoop({ port: service.port, request, perSecond: peak, seconds: 2 });
    const seen = await openLoop({
      port: service.port,
      request,
      perSecond: 3 * peak,
      seconds: onsetMs / 1000 + seconds,
    });
    const msOf = (status: number, from: number, to: number) =>
      seen.outcomes.flatMap(({ outcome, ms, atMs }) =>
        'status' in outcome && outcome.status === status && atMs >= from && atMs < to ? [ms] : [],
      );
    const [admitted, refused] = [msOf(200, onsetMs, Infinity), msOf(503, onsetMs, Infinity)];
    const [first, firstRefused] = [msOf(200, 0, onsetMs), msOf(503, 0, onsetMs)];
    const known = [admitted, refused, first, firstRefused].reduce((sum, all) => sum + all.length, 0);
    const others = seen.outcomes.length + seen.unanswered - known;
    const tally = Object.groupBy(seen.outcomes, ({ outcome }) =>
      'status' in outcome ? outcome.status : outcome.failure,
    );
    const kinds = Object.entries(tally).map(([kind, all]) => `${kind}: ${count(all?.length ?? 0)}`);
    const goodput = admitted.filter((ms) => ms <= deadlineMs).length / seconds;
    const [p99, refusalP99] = [percentile(admitted, 0.99), percentile(refused, 0.99)];
    progress(
      `overload: peak ${rate(peak)}, offered ${rate(3 * peak)}; generator at most ${millis(seen.latenessP99Ms)} late (p99), ` +
        `${Math.round(100 * seen.processorShare)} % of a processor; refusals p50 ${millis(percentile(refused, 0.5))}, ` +
        `longest ${millis(percentile(refused, 1))}; ${kinds.join(', ')}, unanswered: ${count(seen.unanswered)}`,
    );
    const what = 'open loop at 3 x capacity';
    return [
      {
        what: `${what}, goodput`,
        bound: '80 % of peak',
        measured: `${Math.round((100 * goodput) / peak)} % (${rate(goodput)} of ${rate(peak)})`,
        holds: goodput >= 0.8 * peak && others === 0,
      },
      {
        what: `${what}, admitted p99`,
        bound: `within the deadline, ${deadlineMs} ms`,
        measured: millis(p99),
        holds: p99 <= deadlineMs,
      },
      { what: `${what}, refusals p99`, bound: 'under 20 ms', measured: millis(refusalP99), holds: refusalP99 < 20 },
      {
        what: `${what}, its first ${onsetMs / 1000} s: p99 admitted, refused`,
        bound: 'answered',
        measured: `${millis(percentile(first, 0.99))}, ${millis(percentile(firstRefused, 0.99))}`,
        holds: others === 0,
      },
    ];
  } finally {
    await service.stop();
  }
};
