import { expect, test } from 'vitest';
import type { EventBatch } from './event-batch.ts';
import { createEventWriter } from './event-line.ts';
import { createEventQueue, type EventQueueOptions } from './event-queue.ts';
import { exampleEvent } from './fixtures/example-event.ts';

/** A queue whose disk answers when told to. */
function createHeldQueue(different: Partial<EventQueueOptions>) {
  const stored: EventBatch[] = [];
  const disk = Promise.withResolvers<void>();
  const queue = createEventQueue({
    durable: true,
    maxBytes: 2 ** 20,
    maxEvents: 1000,
    writeEvent: createEventWriter({ source: '/', variant: 'stable' }),
    store: async (batch) => {
      stored.push(batch);
      await disk.promise;
    },
    ...different,
  });
  return { queue, stored, release: disk.resolve };
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

test('events that come while the disk is busy are written together next', async () => {
  const { queue, stored, release } = createHeldQueue({});
  for (const id of ['a', 'b']) queue.add(exampleEvent(id));
  await nextTurn();
  for (const id of ['c', 'd', 'e']) {
    queue.add(exampleEvent(id));
    await nextTurn();
  }
  expect(stored.map(({ events }) => events)).toEqual([2]);
  release();
  await queue.empty();
  expect(stored.map(({ events }) => events)).toEqual([2, 3]);
});

test('an event becomes part of the batch that its line is written with', async () => {
  const { queue, stored, release } = createHeldQueue({});
  release();
  const batches = new Map<string, EventBatch | null>();
  for (let i = 0; i < 50; i++) {
    batches.set(`e${i}`, queue.add(exampleEvent(`e${i}`)));
    if (i % 3 === 0) await Promise.resolve();
    if (i % 7 === 0) await nextTurn();
  }
  await queue.empty();
  for (const [id, batch] of batches) {
    const text = Buffer.concat(batch?.chunks ?? []).toString();
    expect(text).toContain(`"id":"${id}"`);
    expect(stored).toContain(batch);
  }
});

test('a queue of so many events is full until the disk has taken them', async () => {
  const { queue, release } = createHeldQueue({ maxEvents: 3 });
  const added = ['a', 'b', 'c', 'd'].map((id) => queue.add(exampleEvent(id)));
  expect(added.map((batch) => batch !== null)).toEqual([true, true, true, false]);
  release();
  await queue.empty();
  expect(queue.add(exampleEvent('e'))).not.toBeNull();
});

test('a queue of so many bytes is full until the disk has taken them, and makes no data for what it refuses', async () => {
  const { queue, release } = createHeldQueue({ maxBytes: 1000 });
  for (const id of ['a', 'b', 'c']) queue.add(exampleEvent(id));
  await nextTurn();
  let made = false;
  const event = exampleEvent('d', {
    data: () => {
      made = true;
    },
  });
  expect(queue.add(event)).toBeNull();
  release();
  await queue.empty();
  expect(queue.add(exampleEvent('e'))).not.toBeNull();
  expect(made).toBe(false);
});

test('data is made on a later turn, not while the answer is under way', async () => {
  const { queue, release } = createHeldQueue({ durable: false });
  let made = 0;
  queue.add(
    exampleEvent('a', {
      data: () => {
        made += 1;
      },
    }),
  );
  await Promise.resolve();
  expect(made).toBe(0);
  release();
  await queue.empty();
  expect(made).toBe(1);
});
