import { createServer, type Server } from 'node:http';
import { connect } from 'node:net';
import { InputError } from '@repo/contract/input-error';
import { expect, onTestFinished, test } from 'vitest';
import { createDoors } from './doors.ts';

const address = { host: '127.0.0.1', port: 0, variable: 'PORT' };

async function openDoors(count?: number) {
  const server: Server = createServer((_request, response) => response.end('in'));
  const doors = createDoors(server, count);
  const port = await doors.open(address);
  onTestFinished(async () => {
    server.closeAllConnections();
    await doors.close();
  });
  return { server, doors, port };
}

test.each([1, 4])('whoever comes through one of %i doors is served by the one server', async (count) => {
  const { port } = await openDoors(count);
  const answers = await Promise.all(
    Array.from({ length: 40 }, async () => {
      const answer = await fetch(`http://127.0.0.1:${port}`, { headers: { connection: 'close' } });
      return answer.text();
    }),
  );
  expect(new Set(answers)).toEqual(new Set(['in']));
});

test('a port with doors of its own, though they are shared among themselves, is taken for anybody else', async () => {
  const { port } = await openDoors();
  const second = createDoors(createServer());
  await expect(second.open({ ...address, port })).rejects.toThrow(InputError);
  await expect(second.open({ ...address, port })).rejects.toThrow(/environment\.PORT.*something else listens/s);
});

test('closed doors let nobody in, and are closed once those inside have left', async () => {
  const { doors, port } = await openDoors(4);
  const inside = connect(port, '127.0.0.1');
  inside.on('error', () => {});
  await new Promise<void>((resolve) => inside.once('connect', () => resolve()));
  // Accepted, and not only in the kernel's queue.
  inside.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
  await new Promise<void>((resolve) => inside.once('data', () => resolve()));
  let closed = false;
  const closing = doors.close().then(() => {
    closed = true;
  });
  await expect(fetch(`http://127.0.0.1:${port}`)).rejects.toThrow();
  expect(closed).toBe(false);
  inside.destroy();
  await closing;
});
