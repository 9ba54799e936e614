import type { TensorMetadata } from '@repo/contract/protocol';
import type { ModelConfig } from '@repo/contract/protocol-extensions';
import type { ServedModel } from '@repo/serving/served-model';
import type { Express } from 'express';
import { requireAccess } from '../access/require-access.ts';
import { addRoute } from '../add-route.ts';
import type { AppDeps } from '../app-deps.ts';
import { modelOf, modelPath } from '../model-path.ts';
import { refusals, refusing } from '../refusals.ts';
import { sendJson } from '../send-json.ts';

type ConfigTensor = ModelConfig['input'][number];

function configOf({ name, inputs, outputs, maxBatchSize }: ServedModel): ModelConfig {
  const batched = [...inputs, ...outputs].every(({ shape }) => shape[0] === -1);
  const tensorOf = (tensor: TensorMetadata): ConfigTensor => ({
    name: tensor.name,
    data_type: `TYPE_${tensor.datatype === 'BYTES' ? 'STRING' : tensor.datatype}`,
    dims: batched ? tensor.shape.slice(1) : [...tensor.shape],
  });
  const batching = { preferred_batch_size: [maxBatchSize], max_queue_delay_microseconds: 0 as const };
  return {
    name,
    platform: 'onnxruntime_onnx',
    backend: 'onnxruntime',
    max_batch_size: batched ? maxBatchSize : 0,
    input: inputs.map(tensorOf),
    output: outputs.map(tensorOf),
    ...(maxBatchSize > 1 ? { dynamic_batching: batching } : {}),
  };
}

/** The extension model_configuration: what load generators want to know before they begin. */
export function addModelConfigRoutes(app: Express, deps: AppDeps): void {
  const { table } = deps;
  addRoute(app, `${modelPath}/config`, {
    get: [
      requireAccess(deps),
      refusing(
        (request, response) => sendJson(response, 200, configOf(table.find(...modelOf(request)))),
        refusals.model,
      ),
    ],
  });
}
