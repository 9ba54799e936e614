import { expect, onTestFinished, test, vi } from 'vitest';
import { startWithWorkspace } from './fixtures/example-service.ts';

const input = { name: 'features', datatype: 'FP32', shape: [1, 5], data: [1, 0, 0, 0, 0] };
const init = { method: 'POST', body: JSON.stringify({ inputs: [input] }) };

/** How many tensors were turned into base64 for an answer under such a log. */
async function encoded(log: 'on' | 'durable' | 'off'): Promise<number> {
  const service = await startWithWorkspace({ PREDICTION_LOG: log });
  onTestFinished(() => service.stop().then(() => {}));
  const toText = vi.spyOn(Buffer.prototype, 'toString');
  try {
    const answer = await fetch(`${service.url}/v2/models/example/infer`, init);
    expect(answer.status).toBe(200);
    return toText.mock.calls.filter(([encoding]) => encoding === 'base64').length;
  } finally {
    toText.mockRestore();
  }
}

test('tensors are written for the prediction log only where there is one', async () => {
  expect(await encoded('durable')).toBe(3);
  expect(await encoded('off')).toBe(0);
});
