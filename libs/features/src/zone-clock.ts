import type { InstantUs } from '@repo/contract/instant';
import { ClockPart } from '@repo/contract/view';

/** From `fromUs` on, local time is UTC plus `offsetUs`. */
export interface ZoneSpan {
  fromUs: InstantUs;
  offsetUs: number;
}

/** Microseconds of a day without a clock change. */
const dayUs = 86_400e6;
/** Microseconds of an hour. */
const hourUs = 3600e6;

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    formats.set(zone, format);
  }
  return format;
}

/** Local time minus UTC in a zone at an instant, in microseconds; from the zone database of this Node. */
function zoneOffsetUs(zone: string, us: InstantUs): number {
  const second = Math.floor(us / 1e6);
  const at: Record<string, number> = {};
  for (const { type, value } of formatOf(zone).formatToParts(second * 1000)) at[type] = Number(value);
  const { year = 0, month = 0, day = 0, hour = 0, minute = 0 } = at;
  return (Date.UTC(year, month - 1, day, hour, minute, at.second) / 1000 - second) * 1e6;
}

/** First second after `from` and up to `to` at which the offset is no longer `offsetUs`; seconds since 1970. */
function changeBetween(zone: string, from: number, to: number, offsetUs: number): number {
  let [before, after] = [from, to];
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (zoneOffsetUs(zone, middle * 1e6) === offsetUs) before = middle;
    else after = middle;
  }
  return after;
}

/**
 * The clock changes of a zone between two instants, found by looking at each day. SQL that uses these reads the same zone database as
 * {@link clockReading}, so that both agree to the microsecond whatever the database engine believes about the zone.
 */
export function zoneSpans(zone: string, fromUs: InstantUs, toUs: InstantUs): ZoneSpan[] {
  const end = Math.ceil(toUs / 1e6);
  let second = Math.floor(fromUs / 1e6);
  let offsetUs = zoneOffsetUs(zone, second * 1e6);
  const spans: ZoneSpan[] = [{ fromUs: second * 1e6, offsetUs }];
  while (second < end) {
    const next = Math.min(second + 86_400, end);
    if (zoneOffsetUs(zone, next * 1e6) !== offsetUs) {
      second = changeBetween(zone, second, next, offsetUs);
      offsetUs = zoneOffsetUs(zone, second * 1e6);
      spans.push({ fromUs: second * 1e6, offsetUs });
    } else second = next;
  }
  return spans;
}

/** Reads a part of the local clock: hours since midnight with fraction in [0, 24), or the ISO day of the week, Monday 1. */
export function clockReading(us: InstantUs, part: ClockPart, zone: string): number {
  const local = us + zoneOffsetUs(zone, us);
  const day = Math.floor(local / dayUs);
  if (part === ClockPart.hourOfDay) return (local - day * dayUs) / hourUs;
  return ((((day + 3) % 7) + 7) % 7) + 1;
}

/** The SQL of {@link clockReading} for a BIGINT expression whose values lie within the spans. */
export function clockSql(instant: string, part: ClockPart, spans: readonly ZoneSpan[]): string {
  const last = spans.at(-1) as ZoneSpan;
  const cases = spans.slice(1).map((span, i) => `WHEN ${instant} < ${span.fromUs} THEN ${spans[i]?.offsetUs}`);
  const offset = cases.length === 0 ? `${last.offsetUs}` : `CASE ${cases.join(' ')} ELSE ${last.offsetUs} END`;
  const inDay = `((((${instant} + ${offset}) % ${dayUs}) + ${dayUs}) % ${dayUs})`;
  if (part === ClockPart.hourOfDay) return `CAST(${inDay} AS DOUBLE) / CAST(${hourUs} AS DOUBLE)`;
  const day = `((${instant} + ${offset} - ${inDay}) // ${dayUs})`;
  return `CAST((((${day} + 3) % 7) + 7) % 7 + 1 AS DOUBLE)`;
}
