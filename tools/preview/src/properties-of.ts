/** Keys that can be written without quotes in a path. */
const plain = /^[\w$-]+$/;

const step = (path: string, key: string): string => {
  if (!plain.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === '' ? key : `${path}.${key}`;
};

/** A policy document or a provider's settings travel as JSON in a text; what changes within is worth seeing. */
function unpack(value: unknown): unknown {
  if (typeof value !== 'string' || !/^\s*[{[]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

/** Every leaf of a value with its path, as JSON: `spec.replicas` is `2`. Texts that hold JSON are looked into. */
export function propertiesOf(value: unknown, path = ''): Map<string, string> {
  const inner = unpack(value);
  const isParent = inner !== null && typeof inner === 'object' && Object.keys(inner).length > 0;
  if (!isParent) return new Map(path === '' ? [] : [[path, JSON.stringify(inner) ?? 'null']]);
  const entries = Array.isArray(inner)
    ? inner.map((item, i) => [`${path}[${i}]`, item] as const)
    : Object.entries(inner).map(([key, item]) => [step(path, key), item] as const);
  return new Map(entries.flatMap(([at, item]) => [...propertiesOf(item, at)]));
}
