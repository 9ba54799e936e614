import { age, column, latestView } from '@repo/contract/view';
import { planes } from '../planes.ts';

/** What the register says about the plane; it does not go stale within 200 years. */
export const plane = latestView({
  name: 'plane',
  version: 1,
  about: 'Age in years and seats of the plane',
  source: planes,
  entity: ['tailnum'],
  event: 'registered_at',
  known: 'registered_at',
  ttl: '73000d',
  features: { plane_age: age('built_at', 'years'), plane_seats: column('seats') },
});
