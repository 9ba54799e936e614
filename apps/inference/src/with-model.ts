import type { ModelTable } from '@repo/serving/model-table';
import type { ServedModel } from '@repo/serving/served-model';
import type { RequestHandler, Response } from 'express';
import { nameModel } from './measure.ts';
import { modelOf } from './model-path.ts';

/** Finds the model of the path before the body is read. Throws ServiceError unknown_model, unknown_version or model_not_ready. */
export function withModel(table: ModelTable): RequestHandler {
  return (request, response, next) => {
    const entry = table.entry(...modelOf(request));
    nameModel(response, entry.state === 'ready' ? entry.model : entry);
    response.locals.model = table.find(...modelOf(request));
    next();
  };
}

/** The model that {@link withModel} found. */
export const servedModelOf = (response: Response): ServedModel => response.locals.model;
