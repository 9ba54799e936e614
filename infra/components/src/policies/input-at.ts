/** What stands at a path of an object, such as `spec.template.spec`; undefined where anything on the way is missing. */
export function inputAt(value: unknown, path: string): unknown {
  let here = value;
  for (const key of path.split('.')) {
    if (here === null || typeof here !== 'object') return undefined;
    here = (here as Record<string, unknown>)[key];
  }
  return here;
}

/** A list at a path; empty where there is none. */
export function listAt(value: unknown, path: string): readonly unknown[] {
  const found = inputAt(value, path);
  return Array.isArray(found) ? found : [];
}

/** A text at a path; empty where there is none. */
export function textAt(value: unknown, path: string): string {
  const found = inputAt(value, path);
  return typeof found === 'string' ? found : '';
}
