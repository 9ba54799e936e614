import { count, mean, windowView } from '@repo/contract/view';
import { flights } from '../flights.ts';

/** How the airport of departure is doing now: three hours, as its weather and queues turn that fast. */
export const originDepartures = windowView({
  name: 'origin-departures',
  version: 1,
  about: 'Mean departure delay in minutes and number of departures, by airport',
  source: flights,
  entity: ['origin'],
  event: 'departed_at',
  known: 'departed_at',
  window: '3h',
  ttl: '1h',
  features: { origin_departure_delay_mean: mean('dep_delay'), origin_departure_count: count('dep_delay') },
});
