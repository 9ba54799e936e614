import type { ErrorCode } from '@repo/contract/error-catalogue';
import type { RequestHandler } from 'express';

/** What can be refused, by the part of an exchange that refuses it. */
export const refusals = {
  /** No key, or one whose requests are used up. */
  key: ['unauthenticated', 'quota_exceeded'],
  /** A key that was made for other models. */
  scope: ['forbidden'],
  /** More requests than the event loop can read. */
  crowd: ['overloaded'],
  /** The name and version of a path. */
  model: ['unknown_model', 'unknown_version', 'model_not_ready'],
  /** Reading a body. */
  body: [
    'unsupported_media_type',
    'unsupported_encoding',
    'body_too_large',
    'body_timeout',
    'malformed_body',
    'overloaded',
  ],
  /** A body as JSON, within the limits of the service. */
  json: ['malformed_json', 'too_many_elements', 'invalid_request'],
  /** A job: its admission, its wait and its run. */
  run: ['model_not_ready', 'queue_full', 'overloaded', 'deadline_exceeded', 'worker_lost', 'inference_failed'],
  /** What a model says, and a prediction log that must hold it and cannot. */
  answer: ['output_not_finite', 'no_answer'],
} as const satisfies Record<string, readonly ErrorCode[]>;

const declared = new WeakMap<RequestHandler, readonly ErrorCode[]>();

/** Declares with which errors a handler may refuse a request, so that the OpenAPI document lists them. Returns the handler. */
export function refusing(handler: RequestHandler, ...codes: readonly (readonly ErrorCode[])[]): RequestHandler {
  declared.set(handler, codes.flat());
  return handler;
}

/** What a path may answer instead of what it is for: the errors of its handlers, and those that any path has. */
export function refusalsOf(path: string, handlers: readonly RequestHandler[]): ReadonlySet<ErrorCode> {
  const ofPath: readonly ErrorCode[] = path.includes(':') ? ['malformed_path', 'internal'] : ['internal'];
  return new Set([...handlers.flatMap((handler) => declared.get(handler) ?? []), ...ofPath]);
}
