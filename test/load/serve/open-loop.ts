import { type Connection, type Outcome, openConnection } from './connection.ts';
import { percentile } from './percentile.ts';

/** Requests that arrive by the clock, whether or not earlier ones were answered, as users do. */
export interface OpenLoopOptions {
  port: number;
  /** The bytes of the request. */
  request: Uint8Array;
  perSecond: number;
  seconds: number;
}

/** What came back. */
export interface OpenLoopResult {
  /** Of each request, in no order. `ms` is the time from when it arrived, waiting for a free connection included; `atMs` when that was. */
  outcomes: readonly { outcome: Outcome; ms: number; atMs: number }[];
  /** Sent, but not answered within ten seconds of the last. */
  unanswered: number;
  /** How late the generator was, 99th percentile: what it adds to the times above at most. */
  latenessP99Ms: number;
  /** Share of a processor that the generator took. */
  processorShare: number;
}

const mostConnections = 1024;
const patienceMs = 10_000;

/** Sends `perSecond` requests each second. A timer wakes it every millisecond and it sends all that are due by then. */
export function openLoop({ port, request, perSecond, seconds }: OpenLoopOptions): Promise<OpenLoopResult> {
  const total = Math.round(perSecond * seconds);
  const outcomes: { outcome: Outcome; ms: number; atMs: number }[] = [];
  const lateness: number[] = [];
  const all = new Set<Connection>();
  const idle: Connection[] = [];
  // Moments of arrival of those that no connection was free for.
  const waiting: number[] = [];
  let waited = 0;
  let sent = 0;
  const begin = performance.now();
  const cpu = process.cpuUsage();

  function send(connection: Connection, arrivedMs: number): void {
    connection.send(request, (outcome) => {
      outcomes.push({ outcome, ms: performance.now() - arrivedMs, atMs: arrivedMs - begin });
      if (!connection.open()) all.delete(connection);
      const next = waiting[waited];
      if (next !== undefined) {
        waited++;
        send(connection.open() ? connection : another(), next);
      } else if (connection.open()) idle.push(connection);
    });
  }
  function another(): Connection {
    const connection = openConnection(port);
    all.add(connection);
    return connection;
  }
  function arrive(nowMs: number): void {
    let connection = idle.pop();
    while (connection !== undefined && !connection.open()) {
      all.delete(connection);
      connection = idle.pop();
    }
    if (connection !== undefined) send(connection, nowMs);
    else if (all.size < mostConnections) send(another(), nowMs);
    else waiting.push(nowMs);
  }

  return new Promise((resolve) => {
    const finish = () => {
      const { user, system } = process.cpuUsage(cpu);
      const processorShare = (user + system) / 1000 / (performance.now() - begin);
      for (const connection of all) connection.close();
      const unanswered = total - outcomes.length;
      resolve({ outcomes: outcomes.slice(), unanswered, latenessP99Ms: percentile(lateness, 0.99), processorShare });
    };
    const tick = () => {
      const now = performance.now();
      const due = Math.min(total, Math.floor(((now - begin) / 1000) * perSecond));
      if (due > sent) lateness.push(now - begin - ((sent + 1) * 1000) / perSecond);
      for (; sent < due; sent++) arrive(now);
      const done = outcomes.length === total || now - begin > seconds * 1000 + patienceMs;
      if (done) finish();
      else setTimeout(tick, 1);
    };
    tick();
  });
}
