import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { type ExampleService, startWithWorkspace } from './fixtures/example-service.ts';

const limits = { MAX_BODY_BYTES: '80000', MAX_QUEUE_BYTES: '100000' } as const;
let service: ExampleService;
beforeAll(async () => {
  service = await startWithWorkspace(limits);
});
afterAll(() => service.stop());

/** Begins a request with a body of 70,000 bytes and sends 60,000 of them. */
async function begin(): Promise<Socket> {
  const socket = connect(service.port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  const head = 'POST /v2/models/example/infer HTTP/1.1\r\nhost: x\r\ncontent-length: 70000\r\n\r\n';
  socket.write(head + ' '.repeat(60_000));
  return socket;
}

const answerOf = async (socket: Socket): Promise<string> => String((await once(socket, 'data'))[0]);

test('bodies on their way take no more memory together than what may wait, and make room when they end or break off', async () => {
  for (const rest of [' '.repeat(10_000), null]) {
    const [one, other] = [await begin(), await begin()];
    const first = await Promise.race([answerOf(one), answerOf(other)]);
    expect(first).toMatch(/^HTTP\/1\.1 503 .*retry-after: \d.*"code":"overloaded"/is);
    const left = one.bytesRead > 0 ? other : one;
    if (rest === null) {
      left.destroy();
      while (!(await (await fetch(`${service.adminUrl}/metrics`)).text()).includes('inference_inflight 0'))
        await wait(5);
    } else {
      left.write(rest);
      expect(await answerOf(left)).toMatch(/^HTTP\/1\.1 400 .*malformed_json/s);
    }
  }
  const whole = await begin();
  whole.write(' '.repeat(10_000));
  expect(await answerOf(whole)).toMatch(/^HTTP\/1\.1 400 /);
});
