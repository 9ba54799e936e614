import type { BenchModel } from './bench-models.ts';
import { jsonBody } from './bench-models.ts';
import { closedLoop, type Load } from './closed-loop.ts';
import { median } from './percentile.ts';
import { type Server, startFastApi, startFloor, startService } from './processes.ts';
import { type Bench, type Measurement, millis, type Row, rate } from './row.ts';

const warmUpSeconds = 3;
const turnSeconds = 5;
const turns = 3;

type Subject = 'ours' | 'floor' | 'fastapi';

/**
 * Loads each subject in turn, three times over: what else the machine does then hits all of them alike. Each subject is warmed up
 * before the first turn.
 */
async function inTurns(bench: Bench, model: BenchModel, subjects: readonly Subject[], connections: number) {
  const request = { body: jsonBody(model), headers: { 'content-type': 'application/json' } };
  const servers = new Map<Subject, Server>();
  const loads: Record<Subject, Load[]> = { ours: [], floor: [], fastapi: [] };
  const load = (server: Server, seconds: number) =>
    closedLoop({ url: `${server.url}/v2/models/${model}/infer`, ...request, connections, seconds });
  try {
    for (const subject of subjects) {
      const server = await start(bench, model, subject);
      if (server !== null) servers.set(subject, server);
    }
    for (const server of servers.values()) await load(server, warmUpSeconds);
    for (let turn = 1; turn <= turns; turn++) {
      for (const [subject, server] of servers) {
        const seen = await load(server, turnSeconds);
        loads[subject].push(seen);
        const times = `p50 ${millis(seen.p50Ms)}, p99 ${millis(seen.p99Ms)}`;
        bench.progress(
          `${model}, ${connections} connections, turn ${turn}: ${subject} ${rate(seen.perSecond)}, ${times}`,
        );
      }
    }
  } finally {
    await Promise.all([...servers.values()].map((server) => server.stop()));
  }
  return loads;
}

async function start(bench: Bench, model: BenchModel, subject: Subject): Promise<Server | null> {
  if (subject === 'floor') return startFloor(bench.model(model).file);
  if (subject === 'ours') {
    const service = await startService(bench.scratch, { MODEL_REPOSITORY: bench.model(model).repository });
    bench.progress(`${model} runs in executor ${service.executor}`);
    return service;
  }
  const python = bench.python();
  return python === null ? null : startFastApi(python, bench.model(model).file);
}

/** Ratio of two subjects: the median over the turns, each turn's two loads having been side by side. */
function compare(ours: readonly Load[], theirs: readonly Load[], of: (load: Load) => number): number {
  return median(ours.map((load, turn) => of(load) / of(theirs[turn] as Load)));
}

function faster(what: string, bound: number, ours: readonly Load[], theirs: readonly Load[], name: string): Row {
  if (theirs.length === 0) return { what, bound: `${bound} x ${name}`, measured: 'left out: no Python', holds: null };
  const ratio = compare(ours, theirs, (load) => load.perSecond);
  const rates = [ours, theirs].map((loads) => rate(median(loads.map((load) => load.perSecond))));
  return {
    what,
    bound: `${bound} x ${name}`,
    measured: `${ratio.toFixed(2)} (${rates.join(' of ')})`,
    holds: ratio >= bound,
  };
}

/** Requests per second on trees beside the floor and FastAPI. */
export const trees: Measurement = async (bench) => {
  const { ours, floor, fastapi } = await inTurns(bench, 'trees', ['ours', 'floor', 'fastapi'], 32);
  const what = 'trees, 32 connections';
  return [faster(what, 0.5, ours, floor, 'floor'), faster(what, 3, ours, fastapi, 'FastAPI')];
};

/** Requests per second and p99 on the MLP, where batches must pay. */
export const mlp: Measurement = async (bench) => {
  const { ours, floor } = await inTurns(bench, 'mlp', ['ours', 'floor'], 32);
  const ratio = compare(ours, floor, (load) => load.p99Ms);
  const times = [ours, floor].map((loads) => millis(median(loads.map((load) => load.p99Ms))));
  return [
    faster('mlp, 32 connections', 4, ours, floor, 'floor'),
    {
      what: 'mlp, 32 connections, p99',
      bound: "below the floor's",
      measured: `${ratio.toFixed(2)} (${times.join(' of ')})`,
      holds: ratio < 1,
    },
  ];
};

/** The median time of one request after the other on trees. */
export const single: Measurement = async (bench) => {
  const { ours, floor } = await inTurns(bench, 'trees', ['ours', 'floor'], 1);
  const ratio = compare(ours, floor, (load) => load.p50Ms);
  const times = [ours, floor].map((loads) => millis(median(loads.map((load) => load.p50Ms))));
  return [
    {
      what: 'trees, 1 connection, p50',
      bound: 'at most 2 x floor',
      measured: `${ratio.toFixed(2)} (${times.join(' of ')})`,
      holds: ratio <= 2,
    },
  ];
};
