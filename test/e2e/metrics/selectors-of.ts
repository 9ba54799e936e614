import { parser } from '@prometheus-io/lezer-promql';

/**
 * Every vector selector of a query in PromQL, as it stands there: what of Prometheus the query rests on. By Prometheus's own grammar. Throws
 * RangeError for what is no query.
 */
export function selectorsOf(query: string): string[] {
  const found: string[] = [];
  parser.parse(query).iterate({
    enter: ({ name, from, to, type }) => {
      if (type.isError)
        throw new RangeError(`received ${query}, which breaks off at character ${from}; allowed: PromQL`);
      if (name === 'VectorSelector') found.push(query.slice(from, to));
    },
  });
  return found;
}
