import { column, latestView } from '@repo/contract/view';
import { weather } from '../weather.ts';

/** The last published weather at the airport of departure; readings older than six hours say little about now. */
export const weatherAtOrigin = latestView({
  name: 'weather-at-origin',
  version: 1,
  about: 'Last published weather at the airport of departure',
  source: weather,
  entity: ['origin'],
  event: 'observed_at',
  known: 'published_at',
  ttl: '6h',
  features: {
    temperature_f: column('temperature_f'),
    dew_point_f: column('dew_point_f'),
    humidity_pct: column('humidity_pct'),
    wind_direction_deg: column('wind_direction_deg'),
    wind_speed_mph: column('wind_speed_mph'),
    wind_gust_mph: column('wind_gust_mph'),
    precipitation_in: column('precipitation_in'),
    pressure_mb: column('pressure_mb'),
    visibility_miles: column('visibility_miles'),
  },
});
