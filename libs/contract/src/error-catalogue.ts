import type { Problem } from './input-error.ts';

/** One kind of error that the service answers with. */
export interface ErrorRow {
  /** HTTP status. */
  readonly status: number;
  /** When it happens, in a sentence. */
  readonly means: string;
  /** What would have been accepted, unless the case at hand says it better. */
  readonly allowed: string;
  /** What the caller does next, unless the case at hand says it better. */
  readonly action: string;
}

/** Every error of the service by its code, which is stable: clients may branch on it. docs/errors.md shows the same rows. */
export const errorCatalogue = {
  malformed_body: {
    status: 400,
    means: 'The body could not be read: it broke off, or does not unpack as its Content-Encoding says.',
    allowed: 'a whole body',
    action: 'send it again, whole',
  },
  malformed_json: {
    status: 400,
    means: 'The body is not JSON in UTF-8, or is nested deeper than 100 levels.',
    allowed: 'a JSON object',
    action: 'correct the body',
  },
  malformed_path: {
    status: 400,
    means: 'The path holds a percent sign that begins no UTF-8 sequence.',
    allowed: 'percent-encoded UTF-8',
    action: 'encode the path',
  },
  invalid_request: {
    status: 400,
    means: 'The body is JSON, but a field is missing, unknown or of another type than the contract says.',
    allowed: 'the fields that GET /openapi.json lists',
    action: 'correct the field',
  },
  invalid_tensor: {
    status: 400,
    means:
      'The input tensor has another name, datatype or shape than the model takes, is ragged, or holds what is neither a number nor null.',
    allowed: 'one FP32 tensor of shape [n, features]; null is a missing value',
    action: 'compare with the metadata of the model',
  },
  unknown_output: {
    status: 400,
    means: 'An output was asked for that the model does not have.',
    allowed: 'outputs of the model',
    action: 'name one of these, or leave outputs out to get all',
  },
  cutoff_before_data: {
    status: 400,
    means: 'Features would have to be known before the data begins.',
    allowed: 'a cut-off within the data',
    action: 'ask about a later time',
  },
  unknown_model: {
    status: 404,
    means: 'No model of this name is served.',
    allowed: 'models that are served',
    action: 'correct the name, or register the model and make it champion',
  },
  unknown_version: {
    status: 404,
    means: 'The model is served, but not in this version.',
    allowed: 'versions that are served',
    action: 'correct the version, or leave it out to get the champion',
  },
  unknown_path: {
    status: 404,
    means: 'Nothing answers at this path.',
    allowed: 'the paths that GET /openapi.json lists',
    action: 'correct the path',
  },
  method_not_allowed: {
    status: 405,
    means: 'The path exists, but not for this method; the Allow header lists those it has.',
    allowed: 'the methods of the Allow header',
    action: 'change the method',
  },
  body_too_large: {
    status: 413,
    means: 'The body, unpacked, is over the byte limit of the service.',
    allowed: 'fewer bytes',
    action: 'split the rows over several requests',
  },
  too_many_elements: {
    status: 413,
    means: 'The input tensor has more elements than JSON is accepted for.',
    allowed: 'fewer elements',
    action: 'split the rows over several requests',
  },
  unsupported_media_type: {
    status: 415,
    means: 'The body is a form. Any other Content-Type, or none, is taken as JSON.',
    allowed: 'application/json',
    action: 'send JSON with Content-Type: application/json',
  },
  unsupported_encoding: {
    status: 415,
    means: 'The Content-Encoding is not known here.',
    allowed: 'identity, gzip, deflate, br, zstd',
    action: 'pack the body otherwise, or not at all',
  },
  internal: {
    status: 500,
    means: 'The service failed; its log has the reason under the request id.',
    allowed: 'nothing: the request may be fine',
    action: 'try again, then show the request id to whoever runs the service',
  },
  inference_failed: {
    status: 500,
    means: 'The model failed to run on rows that its contract accepts; the log has the reason under the request id.',
    allowed: 'nothing: the request may be fine',
    action: 'show the request id to whoever runs the service',
  },
  output_not_finite: {
    status: 500,
    means: 'The model answered NaN or an infinity, which JSON cannot hold.',
    allowed: 'finite outputs',
    action: 'show the rows to whoever owns the model',
  },
  unsupported_extension: {
    status: 501,
    means: 'The request uses an extension of the protocol that GET /v2 does not list, such as binary tensor data.',
    allowed: 'JSON tensors',
    action: 'leave the Inference-Header-Content-Length header out and send data as JSON',
  },
  model_not_ready: {
    status: 503,
    means: 'The model is loading, or failed its digest or golden-row check; the log says which.',
    allowed: 'a model that is ready',
    action: 'wait while it loads; if it failed, put the right bundle in place and restart',
  },
  not_ready: {
    status: 503,
    means: 'The service as a whole is not ready: a model that it must serve is not, it has none, or it is leaving.',
    allowed: 'a service that is ready',
    action: 'ask another replica, or wait',
  },
  deadline_exceeded: {
    status: 504,
    means: "The answer took longer than the model's serving.timeoutMs.",
    allowed: 'an answer within the timeout',
    action: 'try again; if it happens often, raise serving.timeoutMs or find what is slow',
  },
} as const satisfies Record<string, ErrorRow>;

export type ErrorCode = keyof typeof errorCatalogue;

/** What a case of an error knows: where, what came and, when it says more than the catalogue, what is allowed and what to do. */
export interface ErrorCase {
  path: string;
  /** For display: a value goes through `show` first. */
  received: string;
  allowed?: string;
  action?: string;
}

/** The problem that an error tells its reader about: the case at hand, completed from the catalogue. */
export function describeError(code: ErrorCode, { path, received, allowed, action }: ErrorCase): Problem {
  const row = errorCatalogue[code];
  return { path, received, allowed: allowed ?? row.allowed, action: action ?? row.action };
}
