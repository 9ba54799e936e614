import type { GateReport } from '@repo/contract/gate-report';
import type { GateVerdict } from '@repo/contract/gate-verdict';
import { nameSchema } from '@repo/contract/name';
import { outcomeLooks } from './outcome-look.ts';

/** A model's report and what it amounts to on the day. */
export interface JudgedModel {
  report: GateReport;
  verdict: GateVerdict;
}

/** A model of which there is no report, such as one whose model.ts is broken: it counts as failed. */
export interface UnjudgedModel {
  model: string;
  /** Why, in words for people; may have several lines. */
  problem: string;
}

/** What is known about one model of a pull request. Everything that shows several models takes these. */
export type ModelResult = JudgedModel | UnjudgedModel;

export const modelOf = (result: ModelResult): string => ('report' in result ? result.report.model : result.model);

export const outcomeOf = (result: ModelResult): GateVerdict['outcome'] =>
  'report' in result ? result.verdict.outcome : 'fail';

/** Where a model is defined. The folder of them all for a name that no model can have, so that a remark points out of it never. */
export const definitionPath = (model: string): string =>
  nameSchema.safeParse(model).success ? `models/${model}/model.ts` : 'models';

/** The worst model first, equals by name, so that the order does not depend on which was judged first. */
export const worstFirst = (results: readonly ModelResult[]): ModelResult[] =>
  results.toSorted(
    (a, b) => outcomeLooks[outcomeOf(a)].rank - outcomeLooks[outcomeOf(b)].rank || (modelOf(a) < modelOf(b) ? -1 : 1),
  );
