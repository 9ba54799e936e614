import { expect, test } from 'vitest';
import { replay } from './replay.ts';

const hourUs = 3600e6;
const asked = (id: string, atUs: number) => ({ id, atUs, body: '{}' });

test('the store stands at the tick before each request, and a tick waits for the requests of the one before', async () => {
  const told: string[] = [];
  await replay({
    requests: [asked('a', 10), asked('b', hourUs - 1), asked('c', hourUs), asked('d', 5 * hourUs + 1)],
    clock: { show: async (us) => void told.push(`tick ${us / hourUs}`) },
    tickUs: hourUs,
    concurrency: 2,
    ask: async ({ id }) => void told.push(id),
  });
  expect(told).toEqual(['tick 0', 'a', 'b', 'tick 1', 'c', 'tick 5', 'd']);
});

test('no more requests are under way than was said, and one that fails ends the replay', async () => {
  let [now, most] = [0, 0];
  const ask = async ({ id }: { id: string }) => {
    most = Math.max(most, ++now);
    await Promise.resolve();
    now -= 1;
    if (id === '7') throw new Error('the service answered 500');
  };
  const requests = Array.from({ length: 20 }, (_, i) => asked(String(i), i));
  const options = { requests, clock: { show: async () => {} }, tickUs: hourUs, concurrency: 3, ask };
  await expect(replay(options)).rejects.toThrow('answered 500');
  expect(most).toBe(3);
});
