import { setTimeout as wait } from 'node:timers/promises';
import type { Served } from '../served-workspace.ts';
import type { FlightRequest } from './flight-requests.ts';

const model = '/v2/models/flight-delay';
const features = 28;

/** Sends flights one after the other, `perSecond` at most, until it is stopped; answers how many were answered, by status. */
export function replay(served: Served, flights: readonly FlightRequest[], perSecond: number) {
  const statuses = new Map<number, number>();
  let isStopped = false;
  const send = async (flight: FlightRequest) => {
    const { status } = await served.post(`${model}/predict`, flight);
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
  };
  const ended = (async () => {
    for (let i = 0; !isStopped; i++) {
      await Promise.all([send(flights[i % flights.length] as FlightRequest), wait(1000 / perSecond)]);
    }
  })();
  return {
    stop: async (): Promise<Map<number, number>> => {
      isStopped = true;
      await ended;
      return statuses;
    },
  };
}

/** Rows of zeroes as a tensor; `timeoutUs` shortens the deadline. */
const tensor = (rows: number, width = features, timeoutUs?: number) => ({
  ...(timeoutUs === undefined ? {} : { parameters: { timeout: timeoutUs } }),
  inputs: [{ name: 'features', datatype: 'FP32', shape: [rows, width], data: new Array(rows * width).fill(0) }],
});

/** Requests of every kind that is not an ordinary prediction: good tensors, and what callers do wrong. Answers the status of each. */
export async function askOddly(served: Served, flight: FlightRequest): Promise<Record<string, number>> {
  const raw = (path: string, init: RequestInit) => fetch(`http://127.0.0.1:${served.port}${path}`, init);
  const asks: Record<string, () => Promise<{ status: number }>> = {
    'a tensor': () => served.post(`${model}/infer`, tensor(4)),
    'a tensor too large for the log': () => served.post(`${model}/infer`, tensor(1200)),
    'a tensor too narrow': () => served.post(`${model}/infer`, tensor(4, features - 1)),
    'a deadline of a microsecond': () => served.post(`${model}/infer`, tensor(4, features, 1)),
    'a field that is missing': () => served.post(`${model}/predict`, { carrier: 'UA' }),
    'no JSON': () => raw(`${model}/predict`, { method: 'POST', body: '{' }),
    'another method': () => raw(`${model}/predict`, { method: 'PUT' }),
    'a model that nobody serves': () => served.post('/v2/models/nobody/predict', flight),
    'an airport that training did not have': () => served.post(`${model}/predict`, { ...flight, dest: 'ZZZ' }),
    'a flight three days later, for which features are stale': () =>
      served.post(`${model}/predict`, { ...flight, scheduled_at: '2013-12-27T20:00:00Z' }),
  };
  const statuses: Record<string, number> = {};
  for (const [what, ask] of Object.entries(asks)) statuses[what] = (await ask()).status;
  return statuses;
}

/** So many large tensors at once that most cannot be answered in time; answers how many were, by status. */
export async function overload(served: Served, requests: number): Promise<Record<string, number>> {
  const body = tensor(1000);
  const answers = await Promise.all(Array.from({ length: requests }, () => served.post(`${model}/infer`, body)));
  const byStatus: Record<string, number> = {};
  for (const { status } of answers) byStatus[status] = (byStatus[status] ?? 0) + 1;
  return byStatus;
}
