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
  gates: {
    primary: 'logLoss',
    margin: 0.005,
    // December is harder to foresee for any model: from mid-October to mid-December the champion has 0.462, a candidate 0.461 (0.434 to 0.487).
    floor: { auc: 0.68, logLoss: 0.5 },
    // Far above what any model reached on this data two hours ahead (0.71): something would know the departure.
    suspicious: { auc: 0.85 },
    slices: ['carrier', 'origin'],
    limits: {
      skillGap: {
        at: 1,
        reason:
          'Out of fold lies the summer, whose storms are easier to see coming: skill 0.146 there, 0.106 in autumn. 61 days leave the gap at 0.38 (0.09 to 0.89).',
      },
      memorisedSkill: {
        at: 3.25,
        reason: 'For the same seasons, skill is 0.232 on training rows, 2.19 times that of autumn (1.72 to 3.01).',
      },
      featureDrift: {
        at: 3,
        reason:
          'Planes are half a year older in autumn than in training (plane_age 1.52, 1.48 to 1.56), routes are calmer (1.22) and it is colder: 0.57 (0.11 to 1.03), and 2.34 (1.84 to 2.83) where the test reaches into December.',
      },
      answerDrift: {
        at: 0.4,
        reason: 'In autumn 18 % of the flights are late, in training 26 %: 0.23 (0.10 to 0.36).',
      },
    },
  },
  serving: {
    timeoutMs: 200,
    threshold: 0.3,
    maxBatchSize: 32,
    fallback: ['previous', 'compact', 'prior'],
    unknowns: 'flag',
    outliers: 'flag',
  },
  monitoring: {
    objectives: {
      availability: 0.999,
      latencyP99Ms: 50,
      // 6.6 % of the values that training had are missing; without the planes it would be 21 %, without the weather 36 %.
      missingFeatureShare: 0.15,
      // A flight that is cancelled or diverted has no label. A day of storms loses a fifth of them; only on 8 and 9 February 2013 it was half.
      labelCoverage: 0.75,
    },
    business: [
      {
        name: 'missedDelayCost',
        about: 'What missed delays and needless warnings cost',
        unit: 'EUR',
        // Together they are why serving.threshold is 3 / (7 + 3).
        falseNegative: 7,
        falsePositive: 3,
        // October and November: 1,040 to 1,180 in spans of 14 days, none with an upper end above 1,350.
        limit: 1500,
      },
    ],
    // Of two weeks of live answers: the interval holds 0.45 or lies below it in October and November; in December all of it lies beyond.
    quality: { limits: { auc: 0.65, logLoss: 0.45 } },
  },
  release: { steps: [25, 50, 100] },
  resources: { cpu: 1, memoryMiB: 512, replicas: { min: 4, max: 10 } },
});
