const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function agree(expected: unknown, received: unknown): boolean {
  if (typeof expected === 'number' && typeof received === 'number') {
    return Math.abs(expected - received) <= 1e-6 * Math.max(1, Math.abs(expected));
  }
  return expected === received;
}

/**
 * Where two JSON values differ, a line for each place. In `expected`, `{ "$any": "string" }` stands for any value of that type and
 * `{ "$has": "..." }` for a string that holds this text; numbers agree within a millionth.
 */
export function differences(expected: unknown, received: unknown, path = 'body'): string[] {
  if (isObject(expected) && typeof expected.$any === 'string') {
    return typeof received === expected.$any ? [] : [`${path}: expected any ${expected.$any}, got ${received}`];
  }
  if (isObject(expected) && typeof expected.$has === 'string') {
    const holds = typeof received === 'string' && received.includes(expected.$has);
    return holds ? [] : [`${path}: expected a text with "${expected.$has}", got ${JSON.stringify(received)}`];
  }
  const [wanted, got] = [expected, received];
  if (Array.isArray(wanted) && Array.isArray(got) && wanted.length === got.length) {
    return wanted.flatMap((value, i) => differences(value, got[i], `${path}[${i}]`));
  }
  if (isObject(wanted) && isObject(got)) {
    const names = new Set([...Object.keys(wanted), ...Object.keys(got)]);
    return [...names].flatMap((name) => differences(wanted[name], got[name], `${path}.${name}`));
  }
  return agree(wanted, got) ? [] : [`${path}: expected ${JSON.stringify(wanted)}, got ${JSON.stringify(got)}`];
}
