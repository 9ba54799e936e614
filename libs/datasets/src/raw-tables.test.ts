import { expect, test } from 'vitest';
import { sqlError, withoutConnections } from './raw-tables.ts';

test.each([
  [
    'IO Error: Unable to connect to Postgres at "host=db user=me password=hush": connection to server failed',
    'IO Error: Unable to connect to Postgres at <connection>: connection to server failed',
  ],
  [
    'Unable to connect to Postgres at postgres://me:hush@db:5432/flights: too many connections',
    'Unable to connect to Postgres at <connection>: too many connections',
  ],
  ['while scanning postgresql://me:hush@db/flights', 'while scanning postgresql://<connection>'],
  ["dbname=flights password='hu sh' sslmode=require", 'dbname=flights password=<password> sslmode=require'],
  ['no such column "password"', 'no such column "password"'],
])('of %j is shown %j', (text, shown) => {
  expect(withoutConnections(text)).toBe(shown);
});

test('an error in the middle of a scan shows no password either', () => {
  const error = new Error('Unable to connect to Postgres at "host=db password=hush": FATAL: too many connections');
  expect(sqlError('flights.sql', error, 'try again').message).not.toContain('hush');
});
