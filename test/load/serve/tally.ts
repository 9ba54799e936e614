import { type Connection, openConnection } from './connection.ts';

/** What became of every request of a load: nothing is rounded away. */
export interface Tally {
  answered: number;
  /** 503: refused, which is an answer to try elsewhere and not a failure. */
  refused: number;
  /** The port was closed. */
  turnedAway: number;
  /** Requests that were taken and went wrong, by how. */
  failed: Record<string, number>;
}

/**
 * Clients that each ask again as soon as they are answered, on a new connection where the server closes the old one, until they are stopped
 * or the port is closed.
 */
export function keepAsking(port: number, request: Uint8Array, clients: number): { stop(): Promise<Tally> } {
  const tally: Tally = { answered: 0, refused: 0, turnedAway: 0, failed: {} };
  let stopped = false;
  const ask = (connection: Connection): Promise<boolean> =>
    new Promise((resolve) => {
      connection.send(request, (outcome) => {
        const what = 'status' in outcome ? outcome.status : outcome.failure;
        if (what === 200) tally.answered++;
        else if (what === 503) tally.refused++;
        else if (what === 'turned away') tally.turnedAway++;
        else tally.failed[what] = (tally.failed[what] ?? 0) + 1;
        resolve(what !== 'turned away');
      });
    });
  async function client(): Promise<void> {
    let connection = openConnection(port);
    while (!stopped && (await ask(connection))) if (!connection.open()) connection = openConnection(port);
    connection.close();
  }
  const all = Promise.all(Array.from({ length: clients }, client));
  return {
    stop: async () => {
      stopped = true;
      await all;
      return tally;
    },
  };
}

/** `0`, or how many requests failed and how. */
export function failuresOf(tallies: readonly Tally[]): { failures: number; text: string } {
  const all = tallies.flatMap(({ failed }) => Object.entries(failed));
  const failures = all.reduce((sum, [, times]) => sum + times, 0);
  return { failures, text: failures === 0 ? '0' : `${failures}: ${[...new Set(all.map(([how]) => how))].join(', ')}` };
}
