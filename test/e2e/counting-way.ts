import { once } from 'node:events';
import { connect, createServer } from 'node:net';

/**
 * Stands between a store and the server and counts round trips: what a client says after the server has answered. `lose` lets the
 * connections there are go silent for good, as if the network had lost them without a word. Answers its `redis://` URL.
 */
export async function createCountingWay(serverPort: number) {
  let roundTrips = 0;
  let lost = 0;
  let isAnswered = true;
  const proxy = createServer((socket) => {
    const upstream = connect(serverPort, '127.0.0.1');
    const lostBefore = lost;
    socket.on('error', () => upstream.destroy()).on('close', () => upstream.destroy());
    upstream.on('error', () => socket.destroy()).on('close', () => socket.destroy());
    socket.on('data', (chunk) => {
      if (lost > lostBefore) return;
      if (isAnswered) roundTrips++;
      isAnswered = false;
      upstream.write(chunk);
    });
    upstream.on('data', (chunk) => {
      isAnswered = true;
      socket.write(chunk);
    });
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const { port } = proxy.address() as { port: number };
  return {
    url: `redis://127.0.0.1:${port}`,
    count: async (work: () => Promise<unknown>) => {
      const before = roundTrips;
      await work();
      return roundTrips - before;
    },
    lose: () => {
      lost++;
    },
    close: () => proxy.close(),
  };
}
