import { age, column, latestView } from '@repo/contract/view';
import { flights } from '../flights.ts';

/** The plane's last departure from New York: a plane that left late is late for its next flight too. */
export const planeLastDeparture = latestView({
  name: 'plane-last-departure',
  version: 1,
  about: 'Delay in minutes of the last departure of the plane, and hours since',
  source: flights,
  entity: ['tailnum'],
  event: 'departed_at',
  known: 'departed_at',
  ttl: '7d',
  features: { plane_last_departure_delay: column('dep_delay'), plane_last_departure_age: age('departed_at', 'hours') },
});
