/** Where things lie in the image. `app` keeps the depth of the workspace, from which the service finds what it reads. */
export const ImagePath = {
  app: 'app',
  node: 'app/bin/node',
  service: 'app/apps/inference/dist',
  packages: 'app/node_modules',
  models: 'app/models',
  bom: 'app/bom.cdx.json',
  /** All that the service ever writes; a volume of the pod, as the rest cannot be written. */
  state: 'app/.causeway',
} as const;
