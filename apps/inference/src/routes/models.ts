import type { ModelMetadata } from '@repo/contract/protocol';
import { ServiceError } from '@repo/contract/service-error';
import type { ServedModel } from '@repo/serving/served-model';
import type { Express } from 'express';
import { requireAccess, requireKey } from '../access/require-access.ts';
import { addRoute } from '../add-route.ts';
import type { AppDeps } from '../app-deps.ts';
import { modelOf, modelPath } from '../model-path.ts';
import { refusals, refusing } from '../refusals.ts';
import { sendJson } from '../send-json.ts';
import { whyNotReady } from '../why-not-ready.ts';

function propertiesOf({ digest, contract }: ServedModel): ModelMetadata['properties'] {
  if (contract === null) return { digest };
  const { question, owner, task, features } = contract;
  return { digest, question, owner, task, features: features.map((feature) => feature.name).join(',') };
}

const metadataOf = (model: ServedModel, versions: readonly string[]): ModelMetadata => ({
  name: model.name,
  versions: [...versions],
  platform: 'onnx_onnxv1',
  inputs: [...model.inputs],
  outputs: [...model.outputs],
  properties: propertiesOf(model),
});

/** The models: their list, and metadata and readiness of each. */
export function addModelRoutes(app: Express, deps: AppDeps): void {
  const { table } = deps;
  addRoute(app, '/v2/models', {
    get: [
      requireKey(deps),
      (_request, response) => {
        const names = table.entries().flatMap(({ name, isDefault }) => (isDefault ? [name] : []));
        sendJson(response, 200, { models: names });
      },
    ],
  });
  addRoute(app, modelPath, {
    get: [
      requireAccess(deps),
      refusing((request, response) => {
        const model = table.find(...modelOf(request));
        sendJson(response, 200, metadataOf(model, table.versions(model.name)));
      }, refusals.model),
    ],
  });
  addRoute(app, `${modelPath}/ready`, {
    get: [
      requireAccess(deps),
      refusing((request, response) => {
        const { name } = table.find(...modelOf(request));
        const why = whyNotReady(table.entry(...modelOf(request)));
        if (why !== null)
          throw new ServiceError('model_not_ready', { path: `model ${name}`, received: `one that ${why}` });
        sendJson(response, 200, { name, ready: true });
      }, refusals.model),
    ],
  });
}
