import { InputError, show } from './input-error.ts';

/** An instant as UTC microseconds since 1970-01-01; whole, and exact in a double from 1685 to 2254. */
export type InstantUs = number;

const form = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)(Z|[+-]\d{2}:\d{2}))?$/;

/**
 * Reads an ISO 8601 instant; the zone is required (`Z` or an offset), except for a plain date, which means midnight UTC.
 * Throws InputError naming `path` for anything else, including a 31st of June and a year in which microseconds are no longer exact.
 */
export function parseInstant(text: unknown, path: string): InstantUs {
  const match = typeof text === 'string' ? form.exec(text) : null;
  const [, date, clock, zone] = match ?? [];
  const [whole, fraction = ''] = (clock ?? '00:00:00').split('.');
  const time = (whole as string).length === 5 ? `${whole}:00` : whole;
  const millis = date === undefined ? Number.NaN : Date.parse(`${date}T${time}${zone ?? 'Z'}`);
  // Date.parse rolls 31 June over to 1 July: the day must come back as it was written.
  const midnight = Date.parse(`${date}T00:00:00Z`);
  const dayExists = date !== undefined && !Number.isNaN(midnight) && new Date(midnight).toISOString().startsWith(date);
  const us = millis * 1000 + Number(fraction.padEnd(6, '0'));
  if (!Number.isSafeInteger(us) || !dayExists) {
    throw new InputError({
      path,
      received: show(text),
      allowed: 'an ISO 8601 instant of the years 1685 to 2254 with its zone, such as 2013-12-24T18:00:00Z',
      action: 'write the date, the time and Z or an offset',
    });
  }
  return us;
}

/** Writes an instant as ISO 8601 in UTC, to the second where it is whole, else to the microsecond. */
export function formatInstant(us: InstantUs): string {
  const second = new Date(Math.floor(us / 1e6) * 1000).toISOString().slice(0, 19);
  const rest = ((us % 1e6) + 1e6) % 1e6;
  return rest === 0 ? `${second}Z` : `${second}.${String(rest).padStart(6, '0')}Z`;
}
