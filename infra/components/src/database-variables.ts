import type { Source } from '@repo/contract/source';

/** The environment variables that say where the databases of sources are, in alphabetical order: those of `sqlTable`. */
export function databaseVariables(sources: readonly Source[]): string[] {
  const tables = sources.flatMap(({ raw }) => Object.values(raw));
  return [...new Set(tables.flatMap((one) => (one instanceof URL ? [] : [one.from])))].sort();
}

/** Port at which the Postgres of a connection answers; null for the path of an SQLite file, which needs no network. */
export function databasePort(connection: string): number | null {
  if (/^postgres(ql)?:\/\//.test(connection)) {
    const [, port] = /^[^:]+:\/\/[^/]*?:(\d+)(?:\/|\?|$)/.exec(connection.replace(/\/\/[^@/]*@/, '//')) ?? [];
    return port === undefined ? 5432 : Number(port);
  }
  if (!/^\s*[a-z_]+\s*=/.test(connection)) return null;
  return Number(/(?:^|\s)port\s*=\s*'?(\d+)/.exec(connection)?.[1] ?? 5432);
}
