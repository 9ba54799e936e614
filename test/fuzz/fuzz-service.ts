import { afterAll, beforeAll, expect, test } from 'vitest';
import { goodBody } from './bodies.ts';
import { exchange } from './exchange.ts';
import { attack, attackNames } from './properties.ts';
import { requestBytes } from './request-bytes.ts';
import { startVictim, type Victim } from './victim.ts';

const seed = 20_130_101;

/** The service answers well to a good request, whatever came before. */
async function expectWell(victim: Victim) {
  expect(victim.exit(), 'it did not crash').toBeNull();
  const good = { method: 'POST', path: '/v2/models/example/infer', headers: [], body: Buffer.from(goodBody) };
  const { answers } = await exchange(victim.port, requestBytes(good), 1);
  const [probability] = JSON.parse(String(answers[0]?.body)).outputs;
  expect(probability.data[0]).toBeCloseTo(1 / (1 + Math.exp(-(0.5 - 0.25 + 0.75 + 0.25 + 5))), 6);
}

/** Declares the tests that send `cases` requests, all attacks together, to a service of their own. */
export function fuzzService(cases: number): void {
  let victim: Victim;
  beforeAll(async () => {
    victim = await startVictim();
  });
  afterAll(() => victim.stop());

  test.each(attackNames)('%s: only rows of the catalogue, no crash, no hang', { timeout: 3_600_000 }, async (name) => {
    await attack(name, victim.port, cases, seed);
    await expectWell(victim);
  });

  test('after all of it, memory is bounded', () => {
    expect(victim.residentMiB()).toBeLessThan(600);
  });
}
