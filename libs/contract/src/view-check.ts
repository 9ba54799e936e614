import { microseconds } from './duration.ts';
import type { Problem } from './input-error.ts';
import type { Column, ColumnType, Source } from './source.ts';
import type { LookedUpViewSpec, ViewSpec } from './view.ts';

const typesAllowed: Record<string, readonly ColumnType[]> = {
  category: ['text'],
  column: ['integer', 'number', 'boolean'],
  clock: ['instant'],
  age: ['instant'],
  mean: ['integer', 'number', 'boolean'],
  count: ['text', 'integer', 'number', 'boolean', 'instant'],
};

function zoneExists(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

function leak(path: string, name: string, column: Column, spec: ViewSpec): Problem | null {
  if (column.knownAt === undefined) return null;
  const received = `${name}, known at ${column.knownAt}`;
  if (spec.kind === 'request') {
    return {
      path,
      received,
      allowed: 'columns known beforehand',
      action: 'this is a leak: the value does not exist yet at the cut-off; use a latest or window view over past rows',
    };
  }
  if (spec.known === column.knownAt || name === spec.known) return null;
  return {
    path,
    received,
    allowed: `columns known at ${spec.known}`,
    action: `this is a leak: set known to ${column.knownAt}, or take another column`,
  };
}

/** Whether an event or an entity shows at `known` what exists only later. Either may be known at the event itself. */
function leaksRow(path: string, name: string, spec: LookedUpViewSpec, source: Source): Problem[] {
  const knownAt = source.columns[name]?.knownAt;
  if (knownAt === undefined || knownAt === spec.known || (knownAt === spec.event && name !== spec.known)) return [];
  return [
    {
      path,
      received: `${name}, known at ${knownAt}`,
      allowed: `columns known at ${spec.known}`,
      action: `this is a leak: set known to ${knownAt}, or take another column`,
    },
  ];
}

function checkLookup(label: string, spec: LookedUpViewSpec, source: Source): Problem[] {
  const instants = Object.keys(source.columns).filter((name) => source.columns[name]?.type === 'instant');
  const problems: Problem[] = [];
  for (const field of ['event', 'known'] as const) {
    problems.push(...leaksRow(`${label}.${field}`, spec[field], spec, source));
    if (instants.includes(spec[field])) continue;
    problems.push({
      path: `${label}.${field}`,
      received: spec[field],
      allowed: instants.join(', ') || 'an instant column',
      action: `name an instant column of source ${source.name}`,
    });
  }
  spec.entity.forEach((name, i) => {
    problems.push(...leaksRow(`${label}.entity[${i}]`, name, spec, source));
    const type = source.columns[name]?.type;
    if (type === 'text' || type === 'integer') return;
    const allowed = Object.keys(source.columns).filter((c) =>
      ['text', 'integer'].includes(source.columns[c]?.type ?? ''),
    );
    problems.push({
      path: `${label}.entity[${i}]`,
      received: name,
      allowed: allowed.join(', '),
      action: `name a text or integer column of source ${source.name}`,
    });
  });
  if (spec.kind === 'window' && microseconds(spec.window) === 0) {
    problems.push({
      path: `${label}.window`,
      received: spec.window,
      allowed: 'a span above 0',
      action: 'widen it: no event lies in an empty window',
    });
  }
  return problems;
}

/**
 * What is wrong between a view and its source: columns that do not exist, have another type or, above all, are known later than the
 * view says (a leak). An empty list means none.
 */
export function checkView(label: string, spec: ViewSpec, source: Source): Problem[] {
  const problems = spec.kind === 'request' ? [] : checkLookup(label, spec, source);
  const features = Object.entries(spec.features);
  if (features.length === 0)
    problems.push({
      path: `${label}.features`,
      received: '{}',
      allowed: 'at least one feature',
      action: 'add a feature',
    });
  for (const [feature, how] of features) {
    const path = `${label}.features.${feature}`;
    const column = source.columns[how.column];
    const types = typesAllowed[how.from] ?? [];
    if (column === undefined || !types.includes(column.type)) {
      const allowed = Object.keys(source.columns).filter((c) => types.includes(source.columns[c]?.type as ColumnType));
      problems.push({
        path,
        received: column === undefined ? how.column : `${how.column} of type ${column.type}`,
        allowed: allowed.join(', ') || `a column of type ${types.join(' or ')}`,
        action: `name such a column of source ${source.name}`,
      });
      continue;
    }
    const leaked = leak(path, how.column, column, spec);
    if (leaked !== null) problems.push(leaked);
    if (how.from === 'clock' && !zoneExists(how.zone)) {
      problems.push({
        path: `${path}.zone`,
        received: how.zone,
        allowed: 'a zone of the IANA database, such as America/New_York',
        action: 'correct the zone',
      });
    }
  }
  return problems;
}
