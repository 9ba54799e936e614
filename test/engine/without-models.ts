import type { Rendered, RenderedResource } from '@repo/preview/rendered';

/** Whether a resource belongs to one of these models: by its own name, or by that of the component that it is part of. */
function belongsTo(models: readonly string[], { name, parent, inputs }: RenderedResource): boolean {
  const { name: own = '' } = (inputs.metadata ?? {}) as { name?: string };
  const names = [name, own, parent?.split(' ')[1] ?? ''];
  return models.some((model) => names.some((one) => one === model || one.startsWith(`${model}-`)));
}

/** A rendering without what is declared for some models. */
export const withoutModels = (rendered: Rendered, models: readonly string[]): Rendered => ({
  ...rendered,
  resources: rendered.resources.filter((resource) => !belongsTo(models, resource)),
});
