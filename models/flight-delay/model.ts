import { defineModel, select } from '@repo/contract/model';
import { gradientBoosting } from '@repo/contract/training';
import { flights } from '../../features/flights/flights.ts';
import { carrierDepartures } from '../../features/flights/views/carrier-departures.ts';
import { destinationArrivals } from '../../features/flights/views/destination-arrivals.ts';
import { originCarrierDepartures } from '../../features/flights/views/origin-carrier-departures.ts';
import { originDepartures } from '../../features/flights/views/origin-departures.ts';
import { plane } from '../../features/flights/views/plane.ts';
import { planeLastDeparture } from '../../features/flights/views/plane-last-departure.ts';
import { routeArrivals } from '../../features/flights/views/route-arrivals.ts';
import { schedule } from '../../features/flights/views/schedule.ts';
import { weatherAtOrigin } from '../../features/weather/views/weather-at-origin.ts';

export default defineModel({
  name: 'flight-delay',
  question: 'Will this flight arrive at least 15 minutes late?',
  owner: 'ml-platform',
  events: flights,
  cutoff: { column: 'scheduled_at', lead: '2h' },
  label: { column: 'late', knownAfter: '12h' },
  // December is left for later: it is the month that looks like no other (33.5 % late).
  split: {
    train: ['2013-01-01', '2013-09-01'],
    validate: ['2013-09-01', '2013-10-01'],
    test: ['2013-10-01', '2013-12-01'],
  },
  features: select(
    schedule,
    weatherAtOrigin,
    originDepartures,
    carrierDepartures,
    originCarrierDepartures,
    destinationArrivals,
    routeArrivals,
    planeLastDeparture,
    plane,
  ),
  training: gradientBoosting({ rounds: 300, leaves: 31, learningRate: 0.05, minLeafRows: 100 }),
  gates: { slices: ['carrier', 'origin'] },
  serving: {
    timeoutMs: 200,
    threshold: 0.3,
    maxBatchSize: 32,
    fallback: ['previous', 'compact', 'prior'],
    unknowns: 'flag',
    outliers: 'flag',
  },
  release: { steps: [25, 50, 100] },
  resources: { cpu: 1, memoryMiB: 512, replicas: { min: 4, max: 10 } },
});
