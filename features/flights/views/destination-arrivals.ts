import { count, mean, windowView } from '@repo/contract/view';
import { flights } from '../flights.ts';

/** How arrivals at the destination went over a day. */
export const destinationArrivals = windowView({
  name: 'destination-arrivals',
  version: 1,
  about: 'Mean arrival delay in minutes and number of arrivals, by destination',
  source: flights,
  entity: ['dest'],
  event: 'landed_at',
  known: 'landed_at',
  window: '24h',
  ttl: '6h',
  features: { destination_arrival_delay_mean: mean('arr_delay'), destination_arrival_count: count('arr_delay') },
});
