import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { requestBytes } from './connection.ts';
import { openLoop } from './open-loop.ts';
import { failuresOf, keepAsking, type Tally } from './tally.ts';

const request = requestBytes('/', Buffer.from('{}'));

/** Loads a server with this listener until it has seen `times` requests, closes it and returns what became of all requests. */
async function tallyOf(times: number, listener: RequestListener): Promise<Tally> {
  const enough = Promise.withResolvers<void>();
  let seen = 0;
  const server = createServer((incoming, response) => {
    seen++;
    if (seen === times) enough.resolve();
    incoming.resume().once('end', () => listener(incoming, response));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const load = keepAsking((server.address() as AddressInfo).port, request, 4);
  await enough.promise;
  const tally = await load.stop();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  return tally;
}

test('requests that are answered, on connections kept or closed, are no failures', async () => {
  let turn = 0;
  const tally = await tallyOf(40, (_request, response) => {
    turn++;
    response.shouldKeepAlive = turn % 2 === 0;
    response.end('done');
  });
  expect(tally).toMatchObject({ refused: 0, turnedAway: 0, failed: {} });
  expect(tally.answered).toBeGreaterThanOrEqual(40);
  expect(failuresOf([tally])).toEqual({ failures: 0, text: '0' });
});

test('a connection that is closed on a request that was read is a failure, and 503 is none', async () => {
  let turn = 0;
  const tally = await tallyOf(40, (incoming, response) => {
    turn++;
    if (turn % 10 === 0) incoming.socket.destroy();
    else response.writeHead(turn % 2 === 0 ? 503 : 200).end();
  });
  expect(tally.failed['cut off']).toBeGreaterThanOrEqual(4);
  expect(tally.refused).toBeGreaterThanOrEqual(16);
  expect(failuresOf([tally, tally]).text).toMatch(/^\d+: cut off$/);
});

test('an answer that breaks off and any other status are failures, by how', async () => {
  let turn = 0;
  const tally = await tallyOf(20, (incoming, response) => {
    turn++;
    if (turn % 2 === 0) return response.writeHead(500).end();
    response.writeHead(200, { 'content-length': 10 }).write('half');
    setImmediate(() => incoming.socket.destroy());
  });
  expect(tally.failed).toEqual({ 500: expect.any(Number), 'cut off': expect.any(Number) });
  expect(tally.answered).toBe(0);
});

test('a closed port turns clients away, which is no failure', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  expect(await keepAsking(port, request, 3).stop()).toEqual({ answered: 0, refused: 0, turnedAway: 3, failed: {} });
});

test('an open loop sends all that is due, whatever the server does with it', async () => {
  let turn = 0;
  const server = createServer((incoming, response) => {
    turn++;
    const status = turn % 3 === 0 ? 503 : 200;
    incoming.resume().once('end', () => setTimeout(() => response.writeHead(status).end('done'), 20));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const { outcomes, unanswered } = await openLoop({ port, request, perSecond: 300, seconds: 1 });
  await new Promise((resolve) => server.close(resolve));
  const statuses = outcomes.map(({ outcome }) => ('status' in outcome ? outcome.status : outcome.failure));
  expect(unanswered).toBe(0);
  expect([200, 503].map((status) => statuses.filter((one) => one === status).length)).toEqual([200, 100]);
});
