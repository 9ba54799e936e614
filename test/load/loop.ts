import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { InputError } from '@repo/contract/input-error';
import { createCopiedWorkspace } from '../e2e/copied-workspace.ts';
import { growData, grown } from './loop/grow-data.ts';
import { growthExponents } from './loop/growth.ts';
import { acceptedRows, expectRows, wholeWindows, windowRows } from './loop/whole-windows.ts';
import { writeLog, writeRequests } from './loop/write-traffic.ts';
import { type Measured, runMeasured } from './measure/run-measured.ts';
import { count, type Row } from './serve/row.ts';
import { renderTable } from './serve/table.ts';

const rowsPerYear = 336_776;
const defaultSizes = [1, 10, 30];
/** All flights were answered by then. */
const answeredMs = Date.UTC(2014, 0, 2);
const bounds = { exponent: 1.1, peakMiB: 4096 };

/** Only what judges may end with a verdict that is not good; from any other a stage that ended with 1 did not do its work. */
const exitCodes = (verb: string): number[] => (verb === 'monitor' ? [0, 1, 3] : verb === 'validate' ? [0, 1] : [0]);

/** Stages by what is measured, in order. */
const stages = {
  ingest: 'append a batch a year to the lake',
  table: 'read the table of all batches',
  validate: 'hold the table to its contract',
  join: 'join features and label of every flight',
  score: 'answer every flight',
  monitor: 'join labels to answers, 60 windows at most, findings',
} as const;
type Stage = keyof typeof stages;

interface Point extends Measured {
  readonly size: number;
  readonly rows: number;
}

function sizesOf(parts: readonly string[]): number[] {
  const wrong = parts.find((part) => !/^[1-9]\d?$/.test(part));
  const sizes = [...new Set(parts.length === 0 ? defaultSizes : parts.map(Number))].sort((a, b) => a - b);
  if (wrong === undefined && sizes.length > 1) return sizes;
  const [received, allowed] = [wrong ?? `${sizes.length} size`, 'two or more whole numbers of years from 1 to 99'];
  throw new InputError({ path: 'sizes', received, allowed, action: 'give such as 1 10, or none for 1 10 30' });
}

/** Runs every stage on so many years, through the command and in processes of their own. */
async function measure(size: number): Promise<Map<Stage, Point>> {
  const workspace = createCopiedWorkspace();
  const { root } = workspace;
  const points = new Map<Stage, Point>();
  const causeway = (verb: string, ...args: string[]) =>
    runMeasured(root, join(root, 'apps/pipeline/src/main.ts'), [verb, ...args], exitCodes(verb));
  try {
    await growData(root, size);
    const [requests, scored, log] = ['requests.parquet', 'scored.parquet', 'log'].map((name) => join(root, name)) as [
      string,
      string,
      string,
    ];
    let rows = rowsPerYear * size;
    const stage = async (name: Stage, verb: string, ...args: string[]) => {
      console.error(`${size} years: ${stages[name]}`);
      const point = { ...(await causeway(verb, ...args)), size, rows };
      points.set(name, point);
      console.error(`  ${figures(name, [point])[0]}`);
      return point;
    };
    const { stdout } = await stage('ingest', 'ingest', 'flights', grown.batches);
    await stage('table', 'ingest', 'flights');
    for (const source of ['weather', 'planes']) await causeway('ingest', source);
    rows = acceptedRows(stdout, size, rows);
    expectRows('table', await writeRequests(root, requests), rows);
    await stage('validate', 'validate', 'flight-delay');
    await stage('join', 'features', 'flight-delay');
    await stage('score', 'score', 'flight-delay', requests, '--out', scored);
    rows = await writeLog(root, scored, log);
    const { at, window } = wholeWindows(size, answeredMs);
    await stage('monitor', 'monitor', 'flight-delay', '--log', log, '--replay', '--at', at, '--window', window);
    expectRows('monitor', windowRows(join(root, '.causeway/state/monitor/flight-delay/windows')), rows);
    return points;
  } finally {
    workspace.remove();
  }
}

const per = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 });

/** A line for each stage and size. */
function figures(name: Stage, points: readonly Point[]): string[] {
  return points.map(
    ({ size, rows, seconds, peakMiB }) =>
      `| ${name} | ${size} | ${count(rows)} | ${per.format(seconds)} | ${count(rows / seconds)} | ${count(peakMiB)} |`,
  );
}

function verdicts(name: Stage, points: readonly Point[]): Row[] {
  const { overall, atTheEnd } = growthExponents(points);
  const peak = Math.max(...points.map(({ peakMiB }) => peakMiB));
  const growth = (what: string, exponent: number): Row => ({
    what: `${name}: ${what}`,
    bound: `≤ ${bounds.exponent}`,
    measured: exponent.toFixed(2),
    holds: exponent <= bounds.exponent,
  });
  return [
    growth('time grows with size to the', overall),
    growth('and between the two largest to the', atTheEnd),
    {
      what: `${name}: peak memory`,
      bound: `< ${count(bounds.peakMiB)} MiB`,
      measured: `${count(peak)} MiB`,
      holds: peak < bounds.peakMiB,
    },
  ];
}

/**
 * `npm run bench -- loop [sizes]`: the stages that data goes through on 1, 10 and 30 years of flights, by default. Answers whether the time of each
 * grows no faster than the size to the 1.1, and its memory stays under 4 GiB.
 */
export async function run(parts: readonly string[] = []): Promise<boolean> {
  const sizes = sizesOf(parts);
  const measured: Map<Stage, Point>[] = [];
  for (const size of sizes) measured.push(await measure(size));
  const byStage = (Object.keys(stages) as Stage[]).map(
    (name) => [name, measured.flatMap((points) => points.get(name) ?? [])] as const,
  );
  console.log(`${availableParallelism()} processors; a process for each line`);
  console.log('| stage | years | rows | seconds | rows/s | peak MiB |\n|---|---:|---:|---:|---:|---:|');
  for (const [name, points] of byStage) console.log(figures(name, points).join('\n'));
  const rows = byStage.flatMap(([name, points]) => verdicts(name, points));
  console.log(`\n${renderTable(rows, 'bound')}`);
  return rows.every(({ holds }) => holds !== false);
}
