import { expect, test } from 'vitest';
import { nodePorts } from './node-ports.ts';

test('a model that is added, whatever its name, moves no other', () => {
  const before = nodePorts(['bikes', 'tides'], {});
  const after = nodePorts(['a-first', 'bikes', 'c-between', 'tides', 'z-last'], {});
  for (const [model, port] of before) expect(after.get(model), model).toBe(port);
});

test('every port is one that Kubernetes gives to services, and few names share one', () => {
  const alone = Array.from({ length: 500 }, (_, i) => nodePorts([`model-${i}`], {}).get(`model-${i}`) ?? 0);
  expect(Math.min(...alone)).toBeGreaterThanOrEqual(30_000);
  expect(Math.max(...alone)).toBeLessThanOrEqual(32_767);
  expect(new Set(alone).size).toBeGreaterThan(400);
});

test('a row decides the port of its model', () => {
  expect(nodePorts(['bikes'], { bikes: 30_080, gone: 30_080 })).toEqual(new Map([['bikes', 30_080]]));
});

test('two models at one port are refused with both names and what to do', () => {
  const taken = nodePorts(['bikes'], {}).get('bikes') ?? 0;
  expect(() => nodePorts(['bikes', 'tides'], { tides: taken })).toThrow(
    new RegExp(`serving:nodePorts: received bikes and tides at port ${taken}; .*row, such as tides: a free port`),
  );
});
