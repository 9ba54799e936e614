import { count, mean, windowView } from '@repo/contract/view';
import { flights } from '../flights.ts';

/** How the carrier is doing today, across its New York airports. */
export const carrierDepartures = windowView({
  name: 'carrier-departures',
  version: 1,
  about: 'Mean departure delay in minutes and number of departures, by carrier',
  source: flights,
  entity: ['carrier'],
  event: 'departed_at',
  known: 'departed_at',
  window: '6h',
  ttl: '2h',
  features: { carrier_departure_delay_mean: mean('dep_delay'), carrier_departure_count: count('dep_delay') },
});
