import { type ErrorCode, errorCatalogue } from '@repo/contract/error-catalogue';
import { predictionRequestSchema } from '@repo/contract/prediction-request';
import * as protocol from '@repo/contract/protocol';
import { modelConfigSchema, modelStatisticsSchema } from '@repo/contract/protocol-extensions';
import { isPredictive, type ServedModel } from '@repo/serving/served-model';
import { z } from 'zod';
import type { routesOf } from './add-route.ts';
import { modelPath } from './model-path.ts';

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
  OpenApi: z.looseObject({ openapi: z.string() }),
} as const;

type Body = keyof typeof bodies;

/** What a route is for. One with a request is a POST. */
interface Operation {
  /** In the form of Express. */
  readonly path: string;
  readonly summary: string;
  readonly request?: Body;
  readonly answer: Body;
}

/** The routes that are the same whatever is served. Health has other names besides, for probes. */
const operations: readonly Operation[] = [
  { path: '/v2', summary: 'What this server is', answer: 'ServerMetadata' },
  { path: '/v2/health/live', summary: 'Whether the process answers', answer: 'Live' },
  { path: '/v2/health/ready', summary: 'Whether it wants traffic', answer: 'Ready' },
  { path: '/v2/models', summary: 'The models', answer: 'ModelList' },
  { path: '/v2/models/stats', summary: 'What all models did', answer: 'ModelStatistics' },
  { path: modelPath, summary: 'Tensors and properties of a model', answer: 'ModelMetadata' },
  { path: `${modelPath}/ready`, summary: 'Whether a model is ready', answer: 'ModelReady' },
  { path: `${modelPath}/config`, summary: 'How a model is run', answer: 'ModelConfig' },
  { path: `${modelPath}/stats`, summary: 'What a model did', answer: 'ModelStatistics' },
  { path: `${modelPath}/infer`, summary: 'Run a model on rows', request: 'InferRequest', answer: 'InferResponse' },
  {
    path: '/v2/repository/index',
    summary: 'Every version and whether it answers',
    request: 'RepositoryIndexRequest',
    answer: 'RepositoryIndex',
  },
  { path: '/openapi.json', summary: 'This document', answer: 'OpenApi' },
];

function schemaOf(schema: z.ZodType): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { target: 'draft-2020-12', io: 'input' });
  return rest;
}

const content = (name: string) => ({
  content: { 'application/json': { schema: { $ref: `#/components/schemas/${name}` } } },
});

/** The answers of these errors, one for each status, which names those that have it. */
function errors(codes: Iterable<ErrorCode>): Json {
  const byStatus = new Map<number, string[]>();
  for (const code of codes) {
    const { status, means } = errorCatalogue[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), `${code}: ${means}`]);
  }
  const answer = (lines: string[]) => ({ description: lines.sort().join('\n'), ...content('Error') });
  return Object.fromEntries([...byStatus].map(([status, lines]) => [status, answer(lines)]));
}

const inPath = (name: string) => ({ name, in: 'path', required: true, schema: { type: 'string' } });

/** The paths of a route in the form of OpenAPI, without what may be left out and with it, and their parameters. */
function pathsOf(route: string): [path: string, parameters: Json[]][] {
  const forms = new Set([route.replace(/\{[^}]*\}/, ''), route.replace(/[{}]/g, '')]);
  return [...forms].map((form) => {
    const names = [...form.matchAll(/:(\w+)/g)].map(([, name = '']) => name);
    return [form.replace(/:(\w+)/g, '{$1}'), names.map(inPath)];
  });
}

/** A request body or an answer that may be bytes too: JSON, then tensors. How long the JSON is, a header says. */
const orBinary = <T extends ReturnType<typeof content>>(body: T): T => ({
  ...body,
  content: { ...body.content, 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } },
});
const headerLength = {
  in: 'header',
  name: 'inference-header-content-length',
  schema: { type: 'integer', minimum: 0 },
  description:
    'Bytes of the JSON before the binary tensors. Absent: all is JSON. 0: all is the one input of the model.',
};

function operationOf(
  { summary, request, answer }: Omit<Operation, 'path' | 'request'> & { readonly request?: string | undefined },
  parameters: readonly Json[],
  refused: Iterable<ErrorCode>,
): Json {
  const isInfer = request === 'InferRequest';
  const form = isInfer ? orBinary : <T>(body: T): T => body;
  const responses = { 200: form({ description: 'OK', ...content(answer) }), ...errors(refused) };
  if (request === undefined) return { summary, parameters, responses };
  const requestBody = form({ required: request !== 'RepositoryIndexRequest', ...content(request) });
  return { summary, parameters: isInfer ? [...parameters, headerLength] : parameters, requestBody, responses };
}

/**
 * The OpenAPI 3.1 document of an app with these routes and models, the default version of each first: made from the schemas that check and
 * from what the handlers of each route refuse, so that it cannot be out of date.
 */
export function describeApi(
  models: readonly ServedModel[],
  version: string,
  routes: ReturnType<typeof routesOf>,
): Json {
  const refused = (path: string, method: 'get' | 'post') => routes.get(path)?.[method] ?? [];
  const paths: Json = {};
  for (const operation of operations) {
    const method = operation.request === undefined ? 'get' : 'post';
    for (const [path, parameters] of pathsOf(operation.path))
      paths[path] = { [method]: operationOf(operation, parameters, refused(operation.path, method)) };
  }
  const schemas: Json = Object.fromEntries(Object.entries(bodies).map(([name, schema]) => [name, schemaOf(schema)]));
  for (const model of models.filter(isPredictive)) {
    const [path, versioned] = [`/v2/models/${model.name}`, `/v2/models/${model.name}/versions/${model.version}`];
    const isDefault = !(`${path}/predict` in paths);
    // Versions may want different requests.
    const request = `PredictionRequest.${model.name}${isDefault ? '' : `.${model.version}`}`;
    schemas[request] = schemaOf(predictionRequestSchema(model.contract));
    const answer = model.contract.task === 'binary' ? 'Classification' : 'Regression';
    const summary = model.contract.question;
    const post = operationOf({ summary, request, answer }, [], refused(`${modelPath}/predict`, 'post'));
    for (const own of isDefault ? [path, versioned] : [versioned]) paths[`${own}/predict`] = { post };
  }
  return { openapi: '3.1.0', info: { title: 'Causeway inference', version }, paths, components: { schemas } };
}
