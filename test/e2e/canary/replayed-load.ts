import { request } from 'node:http';
import { openDatabase } from '@repo/datasets/database';

/** What became of the requests about one version, or about none that is known. */
interface VersionCount {
  answered: number;
  /** When the 300th was answered, as performance.now() reads it; null before. */
  at300Ms: number | null;
}

/** Requests at a steady rate that go on whatever becomes of them. */
export interface ReplayedLoad {
  readonly byVersion: ReadonlyMap<string, VersionCount>;
  readonly sent: () => number;
  /** Requests that failed because a canary was made to fail them. */
  readonly planned: () => number;
  /** What was wrong with each of all others that failed. */
  readonly failures: readonly string[];
  stop(): Promise<void>;
}

/** Requests for flights of December, as somebody would have sent them. */
export async function replayedFlights(data: string, count: number): Promise<string[]> {
  const database = await openDatabase();
  try {
    const rows = await database.rows(
      `SELECT carrier, origin, dest, tailnum,
        strftime(make_timestamp(CAST(year AS BIGINT), month, day, sched_dep_time // 100, sched_dep_time % 100, 0) + INTERVAL 5 HOUR,
          '%Y-%m-%dT%H:%M:00Z') AS scheduled_at
      FROM '${data}' WHERE month = 12 AND tailnum IS NOT NULL ORDER BY hash(tailnum || flight || day) LIMIT ${count}`,
    );
    return rows.map((row) => JSON.stringify(row));
  } finally {
    database.close();
  }
}

/** Sends `perSecond` requests, each on a connection of its own, as only new connections are spread over all pods. */
export function startReplay(url: string, key: string, bodies: readonly string[], perSecond: number): ReplayedLoad {
  const byVersion = new Map<string, VersionCount>();
  const failures: string[] = [];
  const underWay = new Set<Promise<void>>();
  let [sent, planned] = [0, 0];

  const count = (version: string): void => {
    const known = byVersion.get(version) ?? { answered: 0, at300Ms: null };
    known.answered += 1;
    if (known.answered === 300) known.at300Ms = performance.now();
    byVersion.set(version, known);
  };
  const ask = (body: string): Promise<void> =>
    new Promise((resolve) => {
      const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
      const asked = request(url, { method: 'POST', headers, agent: false, timeout: 10_000 }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
        });
        response.once('end', () => {
          const version = /"model_version":"(\d+)"/.exec(text)?.[1];
          if (version !== undefined) count(version);
          if (response.headers['x-faulty'] !== undefined) planned += 1;
          else if (response.statusCode !== 200) failures.push(`${response.statusCode} ${text.slice(0, 300)}`);
          resolve();
        });
      });
      asked.once('timeout', () => asked.destroy(new Error('no answer in 10 s')));
      asked.once('error', (error: NodeJS.ErrnoException) => {
        failures.push(`${new Date().toISOString()} ${error.code ?? ''} ${error.message}`);
        resolve();
      });
      asked.end(body);
    });
  const startMs = performance.now();
  // A timer that is late catches up: the rate is what was asked for.
  const timer = setInterval(() => {
    while (sent < ((performance.now() - startMs) / 1000) * perSecond) {
      const one = ask(bodies[sent++ % bodies.length] as string).then(() => void underWay.delete(one));
      underWay.add(one);
    }
  }, 10);
  return {
    byVersion,
    sent: () => sent,
    planned: () => planned,
    failures,
    stop: async () => {
      clearInterval(timer);
      await Promise.all(underWay);
    },
  };
}
