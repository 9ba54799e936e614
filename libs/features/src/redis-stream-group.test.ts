import { expect, test } from 'vitest';
import type { RedisConnection } from './redis-store-connection.ts';
import { createStreamGroup } from './redis-stream-group.ts';

type Client = Parameters<Parameters<RedisConnection['run']>[1]>[0];

/** A group in which another consumer has entry 1-0, of event e, and lets go of it just before somebody asks whether it is under way. */
function groupWhere(letGo: (owners: Map<string, string>) => void) {
  const key = 'causeway:event:["stream","group","e"]';
  const owners = new Map([[key, '1-0']]);
  const pending = new Set(['1-0']);
  const client = {
    set: async (name: string, id: string) => (owners.has(name) ? null : owners.set(name, id)),
    mGet: async (names: string[]) => names.map((name) => owners.get(name) ?? null),
    xPendingRange: async (_: string, __: string, id: string) => {
      if (pending.delete('1-0')) letGo(owners);
      return pending.has(id) ? [{ id }] : [];
    },
  } as unknown as Client;
  const connection: RedisConnection = { run: async (_, commands) => commands(client), close: () => {} };
  return createStreamGroup(connection, {
    ...{ stream: 'stream', group: 'group', consumer: 'here', takeOverAfterMs: 60_000, onNote: () => {} },
  });
}

const second = [{ id: '2-0', eventId: 'e' }];

test('an event that another consumer keeps out while its second is looked at is not lost: the second is heard', async () => {
  const group = groupWhere((owners) => owners.clear());
  expect(await group.doubles(second)).toEqual({ settled: [], open: ['2-0'] });
  expect(await group.doubles(second)).toEqual({ settled: [], open: [] });
});

test('one that it takes is there once', async () => {
  expect(await groupWhere(() => {}).doubles(second)).toEqual({ settled: ['2-0'], open: [] });
});
