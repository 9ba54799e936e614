import { createHash } from 'node:crypto';
import { propertiesOf } from '@repo/preview/properties-of';
import type { Rendered, RenderedResource } from '@repo/preview/rendered';

/** What says the same of every resource, and is held together elsewhere: labels and tags by their policy, kinds by the type. */
const same =
  /^(?:apiVersion|kind|tags\b|metadata\.labels\b|spec\.(?:template|jobTemplate\.spec\.template)\.metadata\.labels\b)|[sS]elector\.matchLabels\b/;
const longest = 120;

/** A long text, such as a dashboard, is told by its digest: its own tests say what stands in it. */
const short = (text: string): string =>
  text.length <= longest
    ? text
    : `${text.length} characters, ${createHash('sha256').update(text).digest('hex').slice(0, 12)}`;

/** Told by their digest too: rules and dashboards, of which the tests beside them say what they hold. */
function withoutWatching(inputs: RenderedResource['inputs']): RenderedResource['inputs'] {
  const { kind, data, spec } = inputs as { kind?: string; data?: Record<string, string>; spec?: unknown };
  if (kind === 'PrometheusRule') return { ...inputs, spec: short(JSON.stringify(spec)) };
  const isWatching = (name: string): boolean => /^causeway-.*\.json$|\.rules\.yaml$/.test(name);
  if (data === undefined || !Object.keys(data).some(isWatching)) return inputs;
  const told = Object.entries(data).map(([name, text]) => [name, isWatching(name) ? short(text) : text]);
  return { ...inputs, data: Object.fromEntries(told) };
}

function resourceText({ type, name, parent, inputs, options }: RenderedResource): string {
  const facts = propertiesOf({
    ...(parent === null ? {} : { $parent: parent }),
    ...(Object.keys(options).length === 0 ? {} : { $options: options }),
    ...withoutWatching(inputs),
  });
  const lines = [...facts]
    .filter(([path]) => !same.test(path))
    .map(([path, value]) => `  ${path}: ${short(value)}`)
    .sort();
  return [`${type} ${name}`, ...lines].join('\n');
}

/** What a program declares, for people to read in a diff: each resource with its key properties, sorted, then the names of the outputs. */
export function goldenText({ resources, outputs, secretOutputs }: Rendered): string {
  const names = Object.keys(outputs)
    .sort()
    .map((name) => `  ${name}${secretOutputs.includes(name) ? ' (secret)' : ''}`);
  return `${[...resources.map(resourceText), ['outputs', ...names].join('\n')].join('\n\n')}\n`;
}
