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

function resourceText({ type, name, parent, inputs, options }: RenderedResource): string {
  const facts = propertiesOf({
    ...(parent === null ? {} : { $parent: parent }),
    ...(Object.keys(options).length === 0 ? {} : { $options: options }),
    ...inputs,
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
