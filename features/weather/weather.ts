import { defineSource } from '@repo/contract/source';

/**
 * Hourly weather at the three airports. A reading is filed under the hour it was taken in, most often near that hour's end, and the
 * minute is not on record. So it counts as published when the hour is over: never too early, at most an hour too late.
 */
export const weather = defineSource({
  name: 'weather',
  about: 'Hourly weather at EWR, JFK and LGA in 2013',
  owner: 'ml-platform',
  licence: 'CC0-1.0',
  key: ['origin', 'observed_at'],
  eventTime: 'observed_at',
  columns: {
    origin: { type: 'text', about: 'Airport, IATA code' },
    observed_at: { type: 'instant', about: 'Start of the hour that the reading is filed under' },
    published_at: { type: 'instant', knownAt: 'published_at', about: 'End of that hour' },
    temperature_f: { type: 'number', nullable: true, knownAt: 'published_at', about: 'Temperature, °F' },
    dew_point_f: { type: 'number', nullable: true, knownAt: 'published_at', about: 'Dew point, °F' },
    humidity_pct: { type: 'number', nullable: true, knownAt: 'published_at', about: 'Relative humidity, %' },
    wind_direction_deg: { type: 'integer', nullable: true, knownAt: 'published_at', about: 'Wind from, degrees' },
    wind_speed_mph: { type: 'number', nullable: true, knownAt: 'published_at', about: 'Wind speed, mph' },
    wind_gust_mph: { type: 'number', nullable: true, knownAt: 'published_at', about: 'Gusts, mph; null when none' },
    precipitation_in: { type: 'number', nullable: true, knownAt: 'published_at', about: 'Precipitation, inches' },
    pressure_mb: { type: 'number', nullable: true, knownAt: 'published_at', about: 'Pressure at sea level, millibars' },
    visibility_miles: {
      type: 'number',
      nullable: true,
      knownAt: 'published_at',
      about: 'Visibility, miles, at most 10',
    },
  },
  raw: { weather: new URL('data/weather-2013.parquet', import.meta.url) },
  sql: `
    SELECT
      CAST(origin AS VARCHAR) AS origin,
      timezone('UTC', CAST(time_hour AS TIMESTAMP)) AS observed_at,
      observed_at + INTERVAL 1 HOUR AS published_at,
      CAST(temp AS DOUBLE) AS temperature_f,
      CAST(dewp AS DOUBLE) AS dew_point_f,
      CAST(humid AS DOUBLE) AS humidity_pct,
      CAST(wind_dir AS BIGINT) AS wind_direction_deg,
      CAST(wind_speed AS DOUBLE) AS wind_speed_mph,
      CAST(wind_gust AS DOUBLE) AS wind_gust_mph,
      CAST(precip AS DOUBLE) AS precipitation_in,
      CAST(pressure AS DOUBLE) AS pressure_mb,
      CAST(visib AS DOUBLE) AS visibility_miles
    FROM weather`,
  rules: [
    { kind: 'unique', columns: ['origin', 'observed_at'] },
    { kind: 'noDuplicates' },
    {
      kind: 'rowBand',
      min: 25_000,
      max: 26_352,
      because: 'Three airports by at most 8,784 hours; some hours are missing',
    },
    { kind: 'monotonic', column: 'observed_at' },
    {
      kind: 'freshness',
      column: 'observed_at',
      within: '45d',
      severity: 'warn',
      because: 'The file is a closed year: expected whenever now lies beyond February 2014',
    },
    { kind: 'categories', column: 'origin', values: ['EWR', 'JFK', 'LGA'] },
    { kind: 'hardRange', column: 'temperature_f', min: -60, max: 130 },
    { kind: 'hardRange', column: 'dew_point_f', min: -80, max: 100 },
    { kind: 'hardRange', column: 'humidity_pct', min: 0, max: 100 },
    { kind: 'hardRange', column: 'wind_direction_deg', min: 0, max: 360 },
    { kind: 'hardRange', column: 'precipitation_in', min: 0, max: 10 },
    { kind: 'hardRange', column: 'pressure_mb', min: 870, max: 1085 },
    { kind: 'hardRange', column: 'visibility_miles', min: 0, max: 10 },
    {
      kind: 'softRange',
      column: 'wind_speed_mph',
      min: 0,
      max: 150,
      severity: 'warn',
      because:
        'One reading of 1,048 mph at EWR on 12 February is a faulty sensor; kept as filed, and no tree minds its size',
    },
    { kind: 'nullShare', column: 'temperature_f', tolerance: 0.01 },
    { kind: 'nullShare', column: 'pressure_mb', tolerance: 0.15, because: 'One reading in ten comes without pressure' },
    { kind: 'check', name: 'on_the_hour', sql: "date_trunc('hour', observed_at) = observed_at" },
    { kind: 'check', name: 'published_after_observed', sql: 'published_at > observed_at' },
  ],
});
