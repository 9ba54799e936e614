import { count, mean, windowView } from '@repo/contract/view';
import { flights } from '../flights.ts';

/** What is normal for the route: two weeks, so that one bad day does not rule it. */
export const routeArrivals = windowView({
  name: 'route-arrivals',
  version: 1,
  about: 'Mean arrival delay in minutes and number of arrivals, by route',
  source: flights,
  entity: ['origin', 'dest'],
  event: 'landed_at',
  known: 'landed_at',
  window: '14d',
  ttl: '2d',
  features: { route_arrival_delay_mean: mean('arr_delay'), route_arrival_count: count('arr_delay') },
});
