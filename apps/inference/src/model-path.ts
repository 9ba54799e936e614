import type { Request } from 'express';

/** The path of a model, with or without its version. */
export const modelPath = '/v2/models/:model{/versions/:version}';

/** Name and version of a request below {@link modelPath}. */
export function modelOf(request: Request): [name: string, version?: string] {
  const { model, version } = request.params as { model: string; version?: string };
  return version === undefined ? [model] : [model, version];
}
