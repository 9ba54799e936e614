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
      'A tensor has another name, datatype or shape than the model takes, is there twice or not at all, is ragged, or holds what its datatype cannot.',
    allowed: 'the tensors that the metadata of the model lists',
    action: 'compare with the metadata of the model',
  },
  invalid_header: {
    status: 400,
    means:
      'Inference-Header-Content-Length is no number of decimal digits, or lies beyond the body; or the tensors that follow the JSON are shorter or longer than announced.',
    allowed: 'the length of the JSON part in bytes, then the tensors without a gap',
    action: 'compare the header and each binary_data_size with what is sent',
  },
  rejected_input: {
    status: 400,
    means:
      'The row holds a category that the model was not trained on, or looks like none of the training rows, and its definition says to refuse such rows.',
    allowed: 'rows like those of training',
    action: 'check the values; if they are right, the model needs to learn them first',
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
  unauthenticated: {
    status: 401,
    means: 'The service wants a key, and the request carries none that it knows.',
    allowed: 'Authorization: Bearer and a key',
    action: 'send a key; whoever runs the service makes them',
  },
  forbidden: {
    status: 403,
    means: 'The key is known, but not for this model; or changing the state of the service is switched off.',
    allowed: 'what the key was made for',
    action: 'use another key, or have this one extended',
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
  body_timeout: {
    status: 408,
    means: 'The body did not arrive in time.',
    allowed: 'a whole body within the time that the service waits',
    action: 'send it again, on a better connection or smaller',
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
    means: 'The body is a form. Any other Content-Type, or none, is taken for what the other headers say.',
    allowed: 'application/json or application/octet-stream',
    action: 'send JSON, or JSON and binary tensors',
  },
  unsupported_encoding: {
    status: 415,
    means: 'The Content-Encoding is not known here.',
    allowed: 'identity, gzip, deflate',
    action: 'pack the body otherwise, or not at all',
  },
  quota_exceeded: {
    status: 429,
    means: 'The key has used up its requests; Retry-After says when there are more.',
    allowed: 'the requests a minute that the key was made for',
    action: 'wait, or have the quota raised',
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
    means: 'The model answered NaN, an infinity or an integer beyond 2^53, which JSON cannot hold.',
    allowed: 'finite outputs',
    action: 'show the rows to whoever owns the model, or ask for the output as binary data',
  },
  load_failed: {
    status: 500,
    means: 'The version that was to be loaded failed its checks; what was served before still is.',
    allowed: 'a version that passes its digest and golden-row checks',
    action: 'see the log for the reason, then put the right bundle in place',
  },
  unsupported_extension: {
    status: 501,
    means:
      'The request uses an extension of the protocol that GET /v2 does not list, such as sequences or shared memory.',
    allowed: 'the extensions that GET /v2 lists',
    action: 'leave the parameter out',
  },
  model_not_ready: {
    status: 503,
    means:
      'The model is loading, late, lost its threads, or failed its digest or golden-row check; the log says which.',
    allowed: 'a model that is ready',
    action: 'wait while it loads; if it failed, put the right bundle in place and restart',
  },
  queue_full: {
    status: 503,
    means: 'So many requests wait for the model already that no more are taken.',
    allowed: 'a queue with room',
    action: 'wait as long as Retry-After says, or ask another replica',
  },
  overloaded: {
    status: 503,
    means: 'Those who wait already would keep the model busy beyond the deadline of this request.',
    allowed: 'a wait within the deadline',
    action: 'wait as long as Retry-After says, or ask another replica',
  },
  worker_lost: {
    status: 503,
    means: 'The thread that computed the answer ended; another takes its place.',
    allowed: 'nothing: the request may be fine',
    action: 'try again',
  },
  no_answer: {
    status: 503,
    means: 'No level of the fallback chain could answer in time; the log has the reason of each.',
    allowed: 'nothing: the request may be fine',
    action: 'wait as long as Retry-After says, then try again',
  },
  not_ready: {
    status: 503,
    means: 'The service as a whole is not ready: a model that it must serve is not, it has none, or it is leaving.',
    allowed: 'a service that is ready',
    action: 'ask another replica, or wait',
  },
  deadline_exceeded: {
    status: 504,
    means:
      "The deadline passed, in the queue or during the run: the model's serving.timeoutMs, or the request's own where that is shorter.",
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
  /** For 429 and 503: when to try again, in whole seconds. Default 1. */
  retryAfterSeconds?: number;
}

/** The problem that an error tells its reader about: the case at hand, completed from the catalogue. */
export function describeError(code: ErrorCode, { path, received, allowed, action }: ErrorCase): Problem {
  const row = errorCatalogue[code];
  return { path, received, allowed: allowed ?? row.allowed, action: action ?? row.action };
}
