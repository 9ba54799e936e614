import type { WatchedModel } from '../watched-model.ts';
import type { AlertCase } from './alert-case.ts';
import { answerCases } from './answer-cases.ts';
import { monitorCases } from './monitor-cases.ts';
import { releaseCases } from './release-cases.ts';
import { requestCases } from './request-cases.ts';

/** The cases of every alert about a model, made for its own objectives. */
export const alertCases = (model: WatchedModel): AlertCase[] => [
  ...releaseCases(model),
  ...requestCases(model),
  ...answerCases(model),
  ...monitorCases(model),
];
