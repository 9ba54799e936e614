import { Agent, request } from 'node:http';
import type { Asked } from './read-flights.ts';

/** Who is asked. */
export interface Asker {
  /** Asks for one prediction; throws Error for anything but 200. */
  ask(flight: Asked): Promise<void>;
  close(): void;
}

/** A caller with some connections that live as long as it does. */
export function createAsker(port: number, model: string, connections: number): Asker {
  const agent = new Agent({ keepAlive: true, maxSockets: connections, scheduling: 'fifo' });
  const path = `/v2/models/${model}/predict`;
  const ask = ({ id, body }: Asked): Promise<void> =>
    new Promise((resolve, reject) => {
      const headers = {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        'x-request-id': id,
      };
      const call = request({ host: '127.0.0.1', port, path, method: 'POST', agent, headers }, (response) => {
        response.once('error', reject).once('end', () => {
          if (response.statusCode === 200) resolve();
          else reject(new Error(`the service answered ${response.statusCode} to ${body}`));
        });
        response.resume();
      });
      call.once('error', reject).end(body);
    });
  return { ask, close: () => agent.destroy() };
}
