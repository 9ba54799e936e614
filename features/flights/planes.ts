import { defineSource } from '@repo/contract/source';

/** Planes by registration. A plane counts from the day it was built; where the year is unknown, from before any flight. */
export const planes = defineSource({
  name: 'planes',
  about: 'Planes in the United States register that flew from New York in 2013',
  owner: 'ml-platform',
  licence: 'CC0-1.0',
  key: ['tailnum'],
  eventTime: 'registered_at',
  columns: {
    tailnum: { type: 'text', about: 'Registration' },
    built_at: {
      type: 'instant',
      nullable: true,
      about: '1 January UTC of the year it was built; the day is not on record',
    },
    registered_at: { type: 'instant', about: 'built_at, or 1 January 1950 where the year is unknown' },
    kind: { type: 'text', about: 'Fixed wing or rotorcraft, single or multi engine' },
    manufacturer: { type: 'text', about: 'Manufacturer' },
    model: { type: 'text', about: 'Model' },
    engines: { type: 'integer', about: 'Number of engines' },
    seats: { type: 'integer', about: 'Number of seats' },
    engine: { type: 'text', about: 'Kind of engine' },
  },
  raw: { planes: new URL('data/planes.parquet', import.meta.url) },
  sql: `
    SELECT
      CAST(tailnum AS VARCHAR) AS tailnum,
      timezone('UTC', make_timestamp(CAST(year AS BIGINT), 1, 1, 0, 0, 0)) AS built_at,
      coalesce(built_at, TIMESTAMPTZ '1950-01-01 00:00:00+00') AS registered_at,
      CAST(type AS VARCHAR) AS kind,
      CAST(manufacturer AS VARCHAR) AS manufacturer,
      CAST(model AS VARCHAR) AS model,
      CAST(engines AS BIGINT) AS engines,
      CAST(seats AS BIGINT) AS seats,
      CAST(engine AS VARCHAR) AS engine
    FROM planes`,
  rules: [
    { kind: 'unique', columns: ['tailnum'] },
    { kind: 'noDuplicates' },
    { kind: 'rowBand', min: 3000, max: 5000 },
    {
      kind: 'nullShare',
      column: 'built_at',
      severity: 'warn',
      because: '70 planes have no year on record; their age is missing',
    },
    {
      kind: 'categories',
      column: 'kind',
      values: ['Fixed wing multi engine', 'Fixed wing single engine', 'Rotorcraft'],
    },
    { kind: 'hardRange', column: 'engines', min: 1, max: 4 },
    { kind: 'hardRange', column: 'seats', min: 1, max: 900 },
    { kind: 'check', name: 'built_since_1950', sql: "built_at >= TIMESTAMPTZ '1950-01-01 00:00:00+00'" },
  ],
});
