import { Agent, request } from 'node:http';

/** What became of the requests of a load. */
export interface LoadResult {
  readonly sent: number;
  /** What was wrong, one for each request that was not answered with 200. */
  readonly failures: readonly string[];
}

/** Requests that are sent until it is stopped. */
export interface Load {
  stop(): Promise<LoadResult>;
}

/** One request; null when it was answered with 200. */
function ask(url: string, key: string, body: string, agent: Agent): Promise<string | null> {
  return new Promise((resolve) => {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const sent = request(url, { method: 'POST', headers, agent, timeout: 5000 }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      response.once('end', () => resolve(response.statusCode === 200 ? null : `${response.statusCode} ${text}`));
      response.once('error', ({ message }) => resolve(`answer: ${message}`));
    });
    sent.once('timeout', () => sent.destroy(new Error('no answer in 5 s')));
    sent.once('error', (error: NodeJS.ErrnoException) => resolve(`${error.code ?? ''} ${error.message}`));
    sent.end(body);
  });
}

/**
 * Asks for predictions in `clients` loops, each about `perSecond` times a second, and counts every request. Half of the clients keep their
 * connection, half make a new one for each request: the first show what becomes of a connection to a pod that leaves, the others of new ones.
 */
export function startLoad(url: string, key: string, body: string, clients = 8, perSecond = 20): Load {
  const failures: string[] = [];
  let sent = 0;
  let stopped = false;
  const loops = Array.from({ length: clients }, async (_, i) => {
    const agent = new Agent({ keepAlive: i % 2 === 0, maxSockets: 1 });
    while (!stopped) {
      const rest = new Promise((resolve) => setTimeout(resolve, 1000 / perSecond));
      sent++;
      const failure = await ask(url, key, body, agent);
      if (failure !== null)
        failures.push(`${new Date().toISOString()} ${i % 2 === 0 ? 'kept' : 'new'} connection: ${failure}`);
      await rest;
    }
    agent.destroy();
  });
  return {
    stop: async () => {
      stopped = true;
      await Promise.all(loops);
      return { sent, failures };
    },
  };
}
