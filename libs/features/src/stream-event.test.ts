import { InputError } from '@repo/contract/input-error';
import { expect, test } from 'vitest';
import { isStreamUrl, parseStreamUrl } from './stream-address.ts';
import { readEvent } from './stream-event.ts';

const id = '1700000000000-3';

test('a row that does not say when it was observed was observed when the server took it', () => {
  expect(readEvent(id, { row: '{"a":1}' })).toEqual({
    row: { a: 1, observed_at: '2023-11-14T22:13:20.000003Z' },
    eventId: null,
  });
  const own = { a: null, observed_at: '2013-01-01T00:00:00Z' };
  expect(readEvent(id, { row: JSON.stringify(own), id: 'x' })).toEqual({ row: own, eventId: 'x' });
});

test('entries of one millisecond keep their order', () => {
  const moments = ['5-9', '5-10', '5-999', '5-1000', '6-0'].map((name) => readEvent(name, { row: '{}' }));
  expect(moments.map((event) => ('row' in event ? event.row.observed_at : null))).toEqual([
    '1970-01-01T00:00:00.005009Z',
    '1970-01-01T00:00:00.005010Z',
    '1970-01-01T00:00:00.005999Z',
    '1970-01-01T00:00:00.005999Z',
    '1970-01-01T00:00:00.006000Z',
  ]);
});

test.each([
  [{}, 'no field row'],
  [{ row: '{"a":' }, 'a row that is not JSON'],
  [{ row: 'null' }, 'a row that is no JSON object'],
  [{ row: '[]' }, 'a row that is no JSON object'],
  [{ row: '{"a":{"b":1}}' }, 'a row with an object or a list in a'],
  [{ row: `{"a":"${'x'.repeat(2 ** 20)}"}` }, 'a row of 1048584 bytes, more than 1048576'],
  [{ row: '{}', kind: 'x' }, 'fields kind: only row and id are known'],
])('the entry %.60j is refused: %s', (fields, refused) => {
  expect(readEvent(id, fields)).toEqual({ refused });
});

test('a stream is named by server, database and key, and shown without its password', () => {
  expect(parseStreamUrl('redis://me:secret@host:6380/2/trips/of:today')).toEqual({
    serverUrl: 'redis://me:secret@host:6380/2',
    stream: 'trips/of:today',
    shown: 'redis://host:6380/2/trips/of:today',
  });
  expect([isStreamUrl('rediss://host/0/a'), isStreamUrl('folder')]).toEqual([true, false]);
});

test.each(['redis://host', 'redis://host/0', 'redis://me:secret@host/trips', 'redis:///0/a'])(
  '%s names no stream',
  (url) => {
    expect(() => parseStreamUrl(url)).toThrow(InputError);
    expect(() => parseStreamUrl(url)).toThrow(/^stream: received a URL of another form/);
  },
);
