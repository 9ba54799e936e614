import type { GateReport } from '@repo/contract/gate-report';
import { spreadRows } from '@repo/training/spread-rows';
import type { Evidence, Side } from './evidence.ts';

/** Times of single rows, in process. */
export interface Latency {
  /** Best time of each sampled row in ms, rising: what a row took more at another time was the machine's doing, not the model's. */
  candidate: Float64Array;
  /** Null without a champion. */
  champion: Float64Array | null;
  /** Median times of both in each block in ms; empty without a champion. */
  blocks: { candidate: Float64Array; champion: Float64Array };
}

const sampledRows = 256;
const rowsPerBlock = 32;
const blocks = 64;
/** Slow models are timed less often: enough blocks that every row had its turn and an interval can be formed. */
const fewestBlocks = 16;
const defaultTimingMs = 10_000;

/** One side while it is timed. */
interface Runner {
  rows: Float32Array[];
  score: (row: Float32Array) => Promise<unknown>;
  best: Float64Array;
}

function createRunner({ test: { matrix }, scorer }: Side): Runner {
  const places = spreadRows(matrix.rows, sampledRows);
  return {
    rows: places.map((row) => Float32Array.from(matrix.columns, (column) => column[row] as number)),
    score: (row) => scorer.score(row, 1),
    best: new Float64Array(places.length).fill(Infinity),
  };
}

/** Times each row of a group once; answers the times in ms. */
async function timeGroup({ rows, score, best }: Runner, from: number, times: number[]): Promise<void> {
  for (let row = from; row < Math.min(from + rowsPerBlock, rows.length); row++) {
    const begun = performance.now();
    await score(rows[row] as Float32Array);
    const took = performance.now() - begun;
    times.push(took);
    best[row] = Math.min(best[row] as number, took);
  }
}

/** The middle of some numbers. */
function median(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  return ((sorted[(sorted.length - 1) >> 1] as number) + (sorted[sorted.length >> 1] as number)) / 2;
}

const risen = (best: Float64Array) => best.filter(Number.isFinite).sort();

/**
 * Times candidate and champion row by row in blocks of the order A B B A, then B A A B, on the same rows, so that whatever slows the machine
 * for a while slows both. Some 8,000 runs of each, or as many as fit into the time given.
 */
async function measure({ candidate, champion, timingMs = defaultTimingMs }: Evidence): Promise<Latency> {
  const ours = createRunner(candidate);
  const theirs = champion === null ? null : createRunner(champion);
  const order = theirs === null ? [ours, ours] : [ours, theirs, theirs, ours];
  const turned = theirs === null ? order : [theirs, ours, ours, theirs];
  // The first runs compile code and fill caches.
  for (const runner of order) for (let i = 0; i < 4; i++) await timeGroup(runner, 0, []);
  for (const { best } of order) best.fill(Infinity);
  const middles: { candidate: number[]; champion: number[] } = { candidate: [], champion: [] };
  const begun = performance.now();
  for (let block = 0; block < blocks; block++) {
    if (block >= fewestBlocks && performance.now() - begun > timingMs) break;
    const times = new Map<Runner, number[]>(order.map((runner) => [runner, []]));
    const from = (block * rowsPerBlock) % ours.rows.length;
    // Whoever comes first meets rows that are not in the cache.
    const turn = block % 2 === 0 ? order : turned;
    for (const runner of turn) await timeGroup(runner, from, times.get(runner) as number[]);
    if (theirs === null) continue;
    middles.candidate.push(median(times.get(ours) as number[]));
    middles.champion.push(median(times.get(theirs) as number[]));
  }
  return {
    candidate: risen(ours.best),
    champion: theirs === null ? null : risen(theirs.best),
    blocks: { candidate: Float64Array.from(middles.candidate), champion: Float64Array.from(middles.champion) },
  };
}

const measured = new WeakMap<Evidence, Promise<Latency>>();

/** Times the two models of some evidence, once: the gate that judges the times and the picture of them see the same ones. */
export function latencyOf(evidence: Evidence): Promise<Latency> {
  const known = measured.get(evidence);
  if (known !== undefined) return known;
  const latency = measure(evidence);
  measured.set(evidence, latency);
  return latency;
}

/** Points (share of rows, ms) of the times of both models, for the report's picture; null where no gate took them, or it could not. */
export async function latencyPicture(evidence: Evidence): Promise<GateReport['pictures']['latencyMs']> {
  const latency = await measured.get(evidence)?.catch(() => null);
  if (latency === undefined || latency === null) return null;
  const { candidate, champion } = latency;
  const shares = [...Array.from({ length: 20 }, (_, i) => i / 20), 0.975, 0.99, 1];
  const points = (times: Float64Array): [number, number][] =>
    shares.map((share) => [share, times[Math.round(share * (times.length - 1))] as number]);
  return { candidate: points(candidate), champion: champion === null ? null : points(champion) };
}
