/** A golden exchange of the protocol: what is sent, and what must come back. */
export interface Case {
  /** What the case shows, for people. */
  about: string;
  request: { method: string; path: string; headers?: Record<string, string>; body?: unknown };
  /** In `body`, `{ "$any": "string" }` stands for any value of that type; numbers agree within a millionth. */
  response: { status: number; body: unknown };
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function agree(expected: unknown, received: unknown): boolean {
  if (typeof expected === 'number' && typeof received === 'number') {
    return Math.abs(expected - received) <= 1e-6 * Math.max(1, Math.abs(expected));
  }
  return expected === received;
}

/** Where two JSON values differ, a line for each place. */
export function differences(expected: unknown, received: unknown, path = 'body'): string[] {
  if (isObject(expected) && typeof expected.$any === 'string') {
    return typeof received === expected.$any ? [] : [`${path}: expected any ${expected.$any}, got ${received}`];
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

/** Sends a case to the service at `baseUrl` and returns where its answer differs; nothing when it is as it must be. */
export async function runCase(baseUrl: string, { request, response }: Case): Promise<string[]> {
  const { method, path, headers = {}, body } = request;
  const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
  const answer = await fetch(baseUrl + path, init);
  const type = answer.headers.get('content-type');
  const found = differences(response.body, JSON.parse(await answer.text()));
  if (answer.status !== response.status) found.push(`status: expected ${response.status}, got ${answer.status}`);
  if (type !== 'application/json') found.push(`content-type: expected application/json, got ${type}`);
  return found;
}
