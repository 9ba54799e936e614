import type { WatchedModel } from '../watched-model.ts';
import { businessDashboard } from './business-dashboard.ts';
import type { Dashboard } from './dashboard.ts';
import { dataQualityDashboard } from './data-quality-dashboard.ts';
import { experimentDashboard } from './experiment-dashboard.ts';
import { modelDashboard } from './model-dashboard.ts';
import { releaseDashboard } from './release-dashboard.ts';
import { systemDashboard } from './system-dashboard.ts';

/** Dashboards over all models. */
export const commonDashboards = (): Dashboard[] => [systemDashboard(), releaseDashboard()];

/** Dashboards of one model. */
export const modelDashboards = (model: WatchedModel): Dashboard[] => [
  modelDashboard(model),
  dataQualityDashboard(model),
  businessDashboard(model),
  ...(model.experiment === undefined ? [] : [experimentDashboard(model)]),
];
