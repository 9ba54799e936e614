import { defineSource } from '@repo/contract/source';

/**
 * Every flight that left, or should have left, a New York airport in 2013.
 *
 * Raw clock times are local hhmm numbers (2400 is midnight), and delays are whole minutes between instants. So the departure is the
 * scheduled instant plus its delay, whatever the clocks did that night; the scheduled arrival is the first instant after the
 * scheduled departure at which the destination's clock shows the scheduled time; the landing is that plus its delay. `clocks` reads
 * every zone's clock at each hour of UTC, which is enough as all zones here are whole hours from it.
 */
export const flights = defineSource({
  name: 'flights',
  about: 'Flights from EWR, JFK and LGA in 2013, one row for each scheduled departure',
  owner: 'ml-platform',
  licence: 'CC0-1.0',
  key: ['flight_id'],
  eventTime: 'scheduled_at',
  columns: {
    flight_id: { type: 'text', about: 'Carrier, flight number, origin and scheduled departure in UTC' },
    carrier: { type: 'text', about: 'Two-letter code of the airline' },
    flight: { type: 'integer', about: 'Flight number' },
    origin: { type: 'text', about: 'Airport of departure, IATA code' },
    dest: { type: 'text', about: 'Airport of destination, IATA code' },
    tailnum: { type: 'text', nullable: true, about: 'Registration of the plane, taken as assigned before the day' },
    distance_miles: { type: 'integer', about: 'Distance between the airports, miles' },
    scheduled_at: { type: 'instant', about: 'Scheduled departure' },
    scheduled_arrival_at: { type: 'instant', nullable: true, about: 'Scheduled arrival; null without a time zone' },
    departed_at: { type: 'instant', nullable: true, knownAt: 'departed_at', about: 'Departure from the gate' },
    dep_delay: {
      type: 'integer',
      nullable: true,
      knownAt: 'departed_at',
      about: 'Departure delay, minutes; < 0 early',
    },
    landed_at: { type: 'instant', nullable: true, knownAt: 'landed_at', about: 'Arrival at the gate' },
    arr_delay: { type: 'integer', nullable: true, knownAt: 'landed_at', about: 'Arrival delay, minutes; < 0 early' },
    air_time: { type: 'integer', nullable: true, knownAt: 'landed_at', about: 'Time in the air, minutes' },
    late: { type: 'boolean', nullable: true, knownAt: 'landed_at', about: 'Arrived 15 minutes late or more' },
    outcome: {
      type: 'text',
      knownAt: 'settled_at',
      about: 'completed; cancelled: never left; diverted: left, but no arrival delay at the destination is on record',
    },
    settled_at: {
      type: 'instant',
      knownAt: 'settled_at',
      about:
        'When the outcome is certainly known: the landing, else two days after the schedule, as no time is on record',
    },
  },
  raw: {
    flights: new URL('data/flights-2013.parquet', import.meta.url),
    airports: new URL('data/airports.parquet', import.meta.url),
    airlines: new URL('data/airlines.parquet', import.meta.url),
    planes: new URL('data/planes.parquet', import.meta.url),
    zones: new URL('data/zones.csv', import.meta.url),
  },
  sql: `
    WITH zoned AS (
      SELECT CAST(faa AS VARCHAR) AS faa, CAST(tzone AS VARCHAR) AS zone FROM airports WHERE tzone IS NOT NULL
      UNION ALL
      SELECT faa, tzone FROM zones WHERE faa NOT IN (SELECT faa FROM airports WHERE tzone IS NOT NULL)
    ),
    timed AS (
      SELECT
        flights.*, zone,
        timezone('UTC', CAST(time_hour AS TIMESTAMP)) + to_minutes(CAST(sched_dep_time AS INTEGER) % 100) AS scheduled,
        CAST(sched_arr_time AS INTEGER) // 100 % 24 AS arrival_hour,
        to_minutes(CAST(sched_arr_time AS INTEGER) % 100) AS arrival_minute
      FROM flights LEFT JOIN zoned ON zoned.faa = flights.dest
    ),
    hours AS (
      SELECT unnest(generate_series(min(scheduled), max(scheduled) + INTERVAL 3 DAY, INTERVAL 1 HOUR)) AS hour
      FROM (SELECT date_trunc('day', scheduled) AS scheduled FROM timed)
    ),
    clocks AS (
      SELECT zone, hour, extract(hour FROM timezone(zone, hour)) AS clock_hour
      FROM hours CROSS JOIN (SELECT DISTINCT zone FROM timed WHERE zone IS NOT NULL)
    ),
    planned AS (
      SELECT timed.*, clocks.hour + arrival_minute AS arrival
      FROM timed ASOF LEFT JOIN clocks
        ON timed.zone = clocks.zone AND arrival_hour = clock_hour AND scheduled - arrival_minute < clocks.hour
    )
    SELECT
      concat_ws('-', carrier, flight, origin, strftime(timezone('UTC', scheduled), '%Y%m%dT%H%MZ')) AS flight_id,
      CAST(carrier AS VARCHAR) AS carrier,
      CAST(flight AS BIGINT) AS flight,
      CAST(origin AS VARCHAR) AS origin,
      CAST(dest AS VARCHAR) AS dest,
      CAST(tailnum AS VARCHAR) AS tailnum,
      CAST(distance AS BIGINT) AS distance_miles,
      scheduled AS scheduled_at,
      arrival AS scheduled_arrival_at,
      scheduled + to_minutes(CAST(dep_delay AS BIGINT)) AS departed_at,
      CAST(dep_delay AS BIGINT) AS dep_delay,
      arrival + to_minutes(CAST(arr_delay AS BIGINT)) AS landed_at,
      CAST(arr_delay AS BIGINT) AS arr_delay,
      CAST(air_time AS BIGINT) AS air_time,
      CAST(arr_delay AS BIGINT) >= 15 AS late,
      CASE WHEN dep_time IS NULL THEN 'cancelled' WHEN arr_delay IS NULL THEN 'diverted' ELSE 'completed' END AS outcome,
      coalesce(arrival + to_minutes(CAST(arr_delay AS BIGINT)), scheduled + INTERVAL 2 DAY) AS settled_at
    FROM planned`,
  notes: {
    'destinations whose time zone comes from zones.csv': `
      SELECT DISTINCT zones.faa || ' ' || zones.tzone FROM flights JOIN zones ON zones.faa = flights.dest
      WHERE zones.faa NOT IN (SELECT faa FROM airports WHERE tzone IS NOT NULL)`,
    'destinations without a time zone': `
      SELECT DISTINCT dest FROM flights
      WHERE dest NOT IN (SELECT faa FROM airports WHERE tzone IS NOT NULL) AND dest NOT IN (SELECT faa FROM zones)`,
  },
  rules: [
    { kind: 'unique', columns: ['flight_id'] },
    { kind: 'noDuplicates' },
    { kind: 'rowBand', min: 300_000, max: 400_000, because: 'A year has about 337,000 flights' },
    { kind: 'monotonic', column: 'scheduled_at' },
    {
      kind: 'freshness',
      column: 'scheduled_at',
      within: '45d',
      severity: 'warn',
      because: 'The files are a closed year: expected whenever now lies beyond February 2014',
    },
    { kind: 'categories', column: 'origin', values: ['EWR', 'JFK', 'LGA'] },
    { kind: 'categories', column: 'outcome', values: ['completed', 'cancelled', 'diverted'] },
    { kind: 'reference', column: 'carrier', to: { table: 'airlines', column: 'carrier' } },
    {
      kind: 'reference',
      column: 'dest',
      to: { table: 'airports', column: 'faa' },
      severity: 'warn',
      because: '7,602 flights go to SJU, BQN, PSE and STT, which airports.parquet lacks; zones.csv has their zones',
    },
    {
      kind: 'reference',
      column: 'tailnum',
      to: { table: 'planes', column: 'tailnum' },
      severity: 'warn',
      because: '50,094 flights are with 721 planes that planes.parquet does not know; their age and seats are missing',
    },
    {
      kind: 'nullShare',
      column: 'tailnum',
      severity: 'warn',
      because: '2,512 cancelled flights never had a plane on record',
    },
    {
      kind: 'nullShare',
      column: 'scheduled_arrival_at',
      because: 'Without it nothing is known to have landed: add the destination to zones.csv',
    },
    { kind: 'nullShare', column: 'arr_delay', tolerance: 0.05, because: 'Cancelled and diverted: 2.8 % in 2013' },
    { kind: 'hardRange', column: 'distance_miles', min: 1, max: 6000 },
    { kind: 'hardRange', column: 'dep_delay', min: -120, max: 2880 },
    { kind: 'hardRange', column: 'arr_delay', min: -180, max: 2880 },
    { kind: 'hardRange', column: 'air_time', min: 10, max: 900 },
    { kind: 'softRange', column: 'dep_delay', min: -60, max: 720, severity: 'warn', tolerance: 0.001 },
    { kind: 'check', name: 'arrives_after_departure', sql: 'scheduled_arrival_at > scheduled_at' },
    { kind: 'check', name: 'departure_and_delay', sql: '(departed_at IS NULL) = (dep_delay IS NULL)' },
    { kind: 'check', name: 'cancelled_never_left', sql: "(outcome = 'cancelled') = (departed_at IS NULL)" },
    { kind: 'check', name: 'completed_has_landed', sql: "(outcome = 'completed') = (landed_at IS NOT NULL)" },
    { kind: 'check', name: 'late_is_15_minutes', sql: 'late = (arr_delay >= 15)' },
    {
      kind: 'check',
      name: 'gate_to_gate',
      sql: "date_diff('minute', departed_at, landed_at) - air_time BETWEEN 1 AND 300",
      because: 'Taxiing took 5 to 235 minutes; an arrival in the wrong zone or on the wrong day falls outside',
    },
  ],
});
