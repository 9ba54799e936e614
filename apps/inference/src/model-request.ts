import type { RequestHandler } from 'express';
import type { AppDeps } from './app-deps.ts';
import { takeBody } from './json-body.ts';
import { measure } from './measure.ts';
import { withModel } from './with-model.ts';

/** What comes before every answer of a model, in this order: it is measured, its model found, its body read. */
export function modelRequest({ metrics, table, limits }: AppDeps): RequestHandler[] {
  return [measure(metrics), withModel(table), takeBody(limits)];
}
