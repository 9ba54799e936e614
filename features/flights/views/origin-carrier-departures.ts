import { count, mean, windowView } from '@repo/contract/view';
import { flights } from '../flights.ts';

/** How the carrier is doing at this airport; four hours, as a small carrier has few flights there. */
export const originCarrierDepartures = windowView({
  name: 'origin-carrier-departures',
  version: 1,
  about: 'Mean departure delay in minutes and number of departures, by airport and carrier',
  source: flights,
  entity: ['origin', 'carrier'],
  event: 'departed_at',
  known: 'departed_at',
  window: '4h',
  ttl: '2h',
  features: {
    origin_carrier_departure_delay_mean: mean('dep_delay'),
    origin_carrier_departure_count: count('dep_delay'),
  },
});
