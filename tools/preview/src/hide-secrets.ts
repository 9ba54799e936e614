import type { Rendered, RenderedResource } from './rendered.ts';

/** What stands where a secret was. */
export const hidden = '[secret]';

function visit(value: unknown, path: string, secrets: ReadonlySet<string>): unknown {
  if (secrets.has(path)) return hidden;
  if (Array.isArray(value)) return value.map((item, i) => visit(item, `${path}[${i}]`, secrets));
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value);
  return Object.fromEntries(
    entries.map(([key, item]) => [key, visit(item, path === '' ? key : `${path}.${key}`, secrets)]),
  );
}

const hideInputs = (resource: RenderedResource): RenderedResource => ({
  ...resource,
  inputs: visit(resource.inputs, '', new Set(resource.secrets)) as Record<string, unknown>,
});

/** The same without its secrets, to be shown to people. */
export const hideSecrets = (rendered: Rendered): Rendered => ({
  ...rendered,
  resources: rendered.resources.map(hideInputs),
  outputs: visit(rendered.outputs, '', new Set(rendered.secretOutputs)) as Record<string, unknown>,
});
