/** One series of a page of metrics. */
export interface Series {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const line = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/;
const label = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g;

/** Reads a page of metrics in Prometheus' text format; comments and what is no series are left out. */
export function parseMetrics(text: string): Series[] {
  return text.split('\n').flatMap((one) => {
    const match = line.exec(one);
    if (match === null) return [];
    const [, name = '', labels = '', value = ''] = match;
    const pairs = [...labels.matchAll(label)].map(([, key = '', content = '']) => [key, content] as const);
    return [{ name, labels: Object.fromEntries(pairs), value: Number(value) }];
  });
}

/** The page of metrics of a service, by its admin port. Throws Error for any answer but 200. */
export async function readMetrics(adminPort: number): Promise<Series[]> {
  const answer = await fetch(`http://127.0.0.1:${adminPort}/metrics`);
  if (answer.status !== 200) throw new Error(`/metrics answered ${answer.status}`);
  return parseMetrics(await answer.text());
}
