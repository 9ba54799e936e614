import { createServer } from 'node:http';
import { createLogger } from '@repo/telemetry/logger';
import { expect, test } from 'vitest';
import { parseConfig } from './config.ts';
import { type Held, leave } from './leave.ts';

/** All that a service holds, noting in which order it is let go. `freed` is when the models are. */
function heldThings(freed: Promise<void> = Promise.resolve()) {
  const order: string[] = [];
  const note =
    <T>(what: string, result: T) =>
    () => {
      order.push(what);
      return result;
    };
  const held = {
    readiness: { reasons: () => [], leave: note('not ready', undefined) },
    drain: { announce: note('announced', undefined), close: note('drained', Promise.resolve(true)) },
    poll: { stop: note('poll', Promise.resolve()) },
    loader: { close: note('loader', Promise.resolve()) },
    shadow: { close: note('shadow', Promise.resolve()) },
    table: { release: note('models', freed) },
    predictionLog: { close: note('log', Promise.resolve()) },
    tracing: { close: note('traces', Promise.resolve()) },
    store: { close: note('store', undefined) },
    keys: { close: note('keys', undefined) },
    gauges: { close: note('gauges', undefined) },
    admin: Object.assign(createServer(), { close: note('metrics', undefined) }),
  };
  return { order, held: held as unknown as Held };
}

const logger = createLogger({ level: 'silent' });

test('what requests need goes after the last request, and what sees all of it goes last', async () => {
  const { order, held } = heldThings();
  expect(await leave(held, parseConfig({ PRESTOP_DELAY_MS: '1' }, '/work'), logger)).toBe(true);
  expect(order).toEqual(
    'not ready,poll,loader,announced,drained,shadow,models,log,traces,keys,store,gauges,metrics'.split(','),
  );
});

test('without a wait clients are sent elsewhere no earlier than the service stops listening', async () => {
  const { order, held } = heldThings();
  await leave(held, parseConfig({}, '/work'), logger);
  expect(order).not.toContain('announced');
});

test('a run that does not end keeps neither the log nor anything else from being written and closed', async () => {
  const { order, held } = heldThings(new Promise(() => {}));
  expect(await leave(held, parseConfig({ GRACE_MS: '1' }, '/work'), logger)).toBe(false);
  expect(order.slice(-7)).toEqual('models,log,traces,keys,store,gauges,metrics'.split(','));
});
