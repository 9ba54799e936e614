import { errorCatalogue } from '@repo/contract/error-catalogue';
import { predictionRequestSchema } from '@repo/contract/prediction-request';
import * as protocol from '@repo/contract/protocol';
import { modelConfigSchema, modelStatisticsSchema } from '@repo/contract/protocol-extensions';
import { isPredictive, type ServedModel } from '@repo/serving/served-model';
import { z } from 'zod';

type Json = Record<string, unknown>;

const bodies = {
  InferRequest: protocol.inferRequestSchema,
  InferResponse: protocol.inferResponseSchema,
  ServerMetadata: protocol.serverMetadataSchema,
  Live: protocol.liveSchema,
  Ready: protocol.readySchema,
  ModelList: protocol.modelListSchema,
  ModelMetadata: protocol.modelMetadataSchema,
  ModelReady: protocol.modelReadySchema,
  ModelConfig: modelConfigSchema,
  ModelStatistics: modelStatisticsSchema,
  RepositoryIndexRequest: z.object({ ready: z.boolean().optional() }),
  RepositoryIndex: protocol.repositoryIndexSchema,
  Classification: protocol.classificationSchema,
  Regression: protocol.regressionSchema,
  Error: protocol.errorBodySchema,
} as const;

function schemaOf(schema: z.ZodType): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { target: 'draft-2020-12', io: 'input' });
  return rest;
}

/** Where keys are wanted. */
const access = [401, 403, 429];

const content = (name: string) => ({
  content: { 'application/json': { schema: { $ref: `#/components/schemas/${name}` } } },
});

/** The error answers that a path can give, one for each status of the catalogue. */
function errors(...statuses: number[]): Json {
  return Object.fromEntries(
    statuses.map((status) => {
      const rows = Object.entries(errorCatalogue).filter(([, row]) => row.status === status);
      return [
        status,
        { description: rows.map(([code, row]) => `${code}: ${row.means}`).join('\n'), ...content('Error') },
      ];
    }),
  );
}

const get = (summary: string, body: string, parameters: Json[] = [], statuses: number[] = []) => ({
  get: { summary, parameters, responses: { 200: { description: 'OK', ...content(body) }, ...errors(...statuses) } },
});
const post = (summary: string, request: string, answer: string, parameters: Json[] = [], statuses: number[] = []) => ({
  post: {
    summary,
    parameters,
    requestBody: { required: true, ...content(request) },
    responses: {
      200: { description: 'OK', ...content(answer) },
      ...errors(400, ...access, 404, 408, 413, 415, 500, 503, ...statuses),
    },
  },
});

/** Bytes: JSON, then tensors; how long the JSON is, a header says. */
const binary = { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } };
const headerLength = {
  name: 'inference-header-content-length',
  schema: { type: 'integer', minimum: 0 },
  description:
    'Bytes of the JSON before the binary tensors. Absent: all is JSON. 0: all is the one input of the model.',
};

/** POST infer, whose bodies may be binary both ways. */
function inferPath(parameters: readonly Json[]) {
  const { requestBody, responses, ...rest } = post('Run a model on rows', 'InferRequest', 'InferResponse').post;
  const { 200: ok } = responses as { 200: { content: Json } };
  return {
    post: {
      ...rest,
      parameters: [...parameters, { in: 'header', ...headerLength }],
      requestBody: { ...requestBody, content: { ...requestBody.content, ...binary } },
      responses: { ...responses, ...errors(501, 504), 200: { ...ok, content: { ...ok.content, ...binary } } },
    },
  };
}

const inPath = (name: string) => ({ name, in: 'path', required: true, schema: { type: 'string' } });

function protocolPaths(): Json {
  const paths: Json = {
    '/v2': get('What this server is', 'ServerMetadata'),
    '/v2/health/live': get('Whether the process answers', 'Live'),
    '/v2/health/ready': get('Whether it wants traffic', 'Ready', [], [503]),
    '/v2/models': get('The models', 'ModelList'),
    '/v2/models/stats': get('What all models did', 'ModelStatistics'),
    '/v2/repository/index': post('Every version and whether it answers', 'RepositoryIndexRequest', 'RepositoryIndex'),
  };
  const versioned = [
    ['/v2/models/{model}', [inPath('model')]],
    ['/v2/models/{model}/versions/{version}', [inPath('model'), inPath('version')]],
  ] as const;
  for (const [path, parameters] of versioned) {
    const statuses = [400, ...access, 404, 503];
    paths[path] = get('Tensors and properties of a model', 'ModelMetadata', [...parameters], statuses);
    paths[`${path}/ready`] = get('Whether a model is ready', 'ModelReady', [...parameters], statuses);
    paths[`${path}/config`] = get('How a model is run', 'ModelConfig', [...parameters], statuses);
    paths[`${path}/stats`] = get('What a model did', 'ModelStatistics', [...parameters], statuses);
    paths[`${path}/infer`] = inferPath(parameters);
  }
  return paths;
}

/**
 * The OpenAPI 3.1 document of the service with these models, the default version of each first: made from the schemas that check, so that it
 * cannot be out of date.
 */
export function describeApi(models: readonly ServedModel[], version: string): Json {
  const paths = protocolPaths();
  const schemas: Json = Object.fromEntries(Object.entries(bodies).map(([name, schema]) => [name, schemaOf(schema)]));
  for (const model of models.filter(isPredictive)) {
    const [path, versioned] = [`/v2/models/${model.name}`, `/v2/models/${model.name}/versions/${model.version}`];
    const isDefault = !(`${path}/predict` in paths);
    // Versions may want different requests.
    const request = `PredictionRequest.${model.name}${isDefault ? '' : `.${model.version}`}`;
    schemas[request] = schemaOf(predictionRequestSchema(model.contract));
    const answer = model.contract.task === 'binary' ? 'Classification' : 'Regression';
    for (const own of isDefault ? [path, versioned] : [versioned]) {
      paths[`${own}/predict`] = post(model.contract.question, request, answer, [], [504]);
    }
  }
  return { openapi: '3.1.0', info: { title: 'Causeway inference', version }, paths, components: { schemas } };
}
