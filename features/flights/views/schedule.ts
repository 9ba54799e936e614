import { category, clock, requestView } from '@repo/contract/view';
import { flights } from '../flights.ts';

/** What the timetable says. No month: a model that has not seen October cannot extrapolate it, and it costs 0.03 log-loss. */
export const schedule = requestView({
  name: 'schedule',
  version: 1,
  about: 'Carrier, airports, hour and weekday of the scheduled departure, New York time',
  source: flights,
  features: {
    carrier: category('carrier'),
    origin: category('origin'),
    dest: category('dest'),
    departure_hour: clock('scheduled_at', 'hourOfDay', 'America/New_York'),
    departure_weekday: clock('scheduled_at', 'dayOfWeek', 'America/New_York'),
  },
});
