import type { ServerMetadata } from '@repo/contract/protocol';
import type { Express } from 'express';
import { addRoute } from '../add-route.ts';
import type { AppDeps } from '../app-deps.ts';
import { sendJson } from '../send-json.ts';

/** GET /v2: what this server is. An extension is listed only when it works: clients act on that. */
export function addServerRoutes(app: Express, { version, changeable }: AppDeps): void {
  const extensions = ['binary_tensor_data', 'parameters', 'statistics', 'model_configuration'];
  if (changeable) extensions.push('model_repository');
  const metadata: ServerMetadata = { name: 'causeway', version, extensions };
  addRoute(app, '/v2', { get: [(_request, response) => sendJson(response, 200, metadata)] });
}
