import { resourceKey } from '@repo/components/policies/declared-resource';
import type { ResourceChange } from '@repo/contract/preview-report';
import { propertiesOf } from './properties-of.ts';
import type { Rendered, RenderedResource } from './rendered.ts';

const most = { changes: 500, properties: 200, chars: 500 } as const;

/** All that a person may want to see change: the inputs, and what the engine is told about the resource. */
const shown = ({ inputs, options, parent, provider }: RenderedResource): Map<string, string> =>
  propertiesOf({
    ...inputs,
    ...(Object.keys(options).length > 0 ? { $options: options } : {}),
    ...(parent === null ? {} : { $parent: parent }),
    ...(provider === null ? {} : { $provider: provider }),
  });

const cut = (text: string): string => (text.length <= most.chars ? text : `${text.slice(0, most.chars)}…`);
const textOf = (properties: ReadonlyMap<string, string>, path: string): string | null => {
  const text = properties.get(path);
  return text === undefined ? null : cut(text);
};

function propertiesBetween(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>) {
  const paths = [...new Set([...before.keys(), ...after.keys()])].sort();
  return paths
    .filter((path) => before.get(path) !== after.get(path))
    .map((path) => ({ path: path.slice(0, most.chars), before: textOf(before, path), after: textOf(after, path) }));
}

const none: ReadonlyMap<string, string> = new Map();

/** By URN, which stays the same as long as Pulumi takes it for the same resource. */
const byUrn = (rendered: Rendered | null): Map<string, RenderedResource> =>
  new Map((rendered?.resources ?? []).map((one) => [one.urn, one]));

/**
 * What differs between two renderings of a program, the removed first. Both without secrets. Long lists are cut: `leftOut` counts what is missing.
 * @param before null for a program that was not there.
 */
export function changesBetween(
  before: Rendered | null,
  after: Rendered,
): { changes: ResourceChange[]; leftOut: number } {
  const old = byUrn(before);
  const now = byUrn(after);
  const removed = [...old].filter(([urn]) => !now.has(urn)).map(([, one]) => ({ was: one, is: null }));
  const rest = [...now].map(([urn, one]) => ({ was: old.get(urn) ?? null, is: one }));
  let leftOut = 0;
  const all = [...removed, ...rest].flatMap(({ was, is }): ResourceChange[] => {
    const properties = propertiesBetween(was === null ? none : shown(was), is === null ? none : shown(is));
    if (was !== null && is !== null && properties.length === 0) return [];
    leftOut += Math.max(0, properties.length - most.properties);
    const kind = was === null ? 'added' : is === null ? 'removed' : 'changed';
    const resource = resourceKey((is ?? was) as RenderedResource);
    return [{ kind, resource, properties: properties.slice(0, most.properties) }];
  });
  leftOut += Math.max(0, all.length - most.changes);
  return { changes: all.slice(0, most.changes), leftOut };
}
