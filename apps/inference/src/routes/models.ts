import type { ModelMetadata } from '@repo/contract/protocol';
import type { ServedModel } from '@repo/serving/served-model';
import type { Express } from 'express';
import { addRoute } from '../add-route.ts';
import type { AppDeps } from '../app-deps.ts';
import { modelOf, modelPath } from '../model-path.ts';
import { sendJson } from '../send-json.ts';

function metadataOf({ name, version, digest, contract, inputs, outputs }: ServedModel): ModelMetadata {
  return {
    name,
    versions: [version],
    platform: 'onnx_onnxv1',
    inputs: [...inputs],
    outputs: [...outputs],
    properties: {
      digest,
      ...(contract && {
        question: contract.question,
        owner: contract.owner,
        task: contract.task,
        features: contract.features.map((feature) => feature.name).join(','),
      }),
    },
  };
}

/** The models: their list, and metadata and readiness of each. */
export function addModelRoutes(app: Express, { table }: AppDeps): void {
  addRoute(app, '/v2/models', {
    get: [(_request, response) => sendJson(response, 200, { models: table.entries().map((entry) => entry.name) })],
  });
  addRoute(app, modelPath, {
    get: [(request, response) => sendJson(response, 200, metadataOf(table.find(...modelOf(request))))],
  });
  addRoute(app, `${modelPath}/ready`, {
    get: [(request, response) => sendJson(response, 200, { name: table.find(...modelOf(request)).name, ready: true })],
  });
}
