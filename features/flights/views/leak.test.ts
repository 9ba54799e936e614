import { InputError } from '@repo/contract/input-error';
import { column, latestView, requestView } from '@repo/contract/view';
import { expect, test } from 'vitest';
import { flights } from '../flights.ts';

const own = { version: 1, about: "The flight's own delay", source: flights };

test("a request view that offers the flight's own departure delay is refused as a leak", () => {
  const declare = () => requestView({ ...own, name: 'own-delay', features: { own_delay: column('dep_delay') } });
  expect(declare).toThrow(InputError);
  expect(declare).toThrow(/own_delay: received dep_delay, known at departed_at; .*this is a leak/);
});

test('a look-up by flight that claims to know the delay when the flight is scheduled is refused as a leak', () => {
  const declare = () =>
    latestView({
      ...own,
      name: 'own-delay',
      entity: ['flight_id'],
      event: 'scheduled_at',
      known: 'scheduled_at',
      ttl: '1d',
      features: { own_delay: column('dep_delay') },
    });
  expect(declare).toThrow(/this is a leak/);
});
