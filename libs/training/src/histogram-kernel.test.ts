import { createRandom } from '@repo/stats/random';
import { expect, test } from 'vitest';
import { histogramStride } from './boosting-state.ts';
import { createHistogramKernel } from './histogram-kernel.ts';

test.each([1, 3, 70, 300])('the compiled loop adds what a plain loop adds, for %i features', (features) => {
  const rows = 500;
  const random = createRandom(features);
  const memory = new WebAssembly.Memory({ initial: 64, maximum: 64, shared: true });
  const order = new Uint32Array(memory.buffer, 0, 200);
  const derivatives = new Float64Array(memory.buffer, 1024, 2 * rows);
  const bins = new Uint8Array(memory.buffer, 16_384, rows * features);
  const histogram = new Float64Array(memory.buffer, 262_144, features * histogramStride);
  const expected = new Float64Array(histogram.length);
  order.forEach((_, i) => {
    order[i] = random.integer(rows);
  });
  derivatives.forEach((_, i) => {
    derivatives[i] = random.normal();
  });
  bins.forEach((_, i) => {
    bins[i] = random.integer(256);
  });
  for (const row of order.subarray(10, 150))
    for (let feature = 0; feature < features; feature++) {
      const k = feature * histogramStride + 2 * (bins[row * features + feature] as number);
      expected[k] = (expected[k] as number) + (derivatives[2 * row] as number);
      expected[k + 1] = (expected[k + 1] as number) + (derivatives[2 * row + 1] as number);
    }
  const kernel = createHistogramKernel(memory, features);
  kernel(40, 600, derivatives.byteOffset, bins.byteOffset, histogram.byteOffset);
  expect(histogram.every((sum, i) => sum === expected[i])).toBe(true);
  expect(expected.some((sum) => sum !== 0)).toBe(true);
});
