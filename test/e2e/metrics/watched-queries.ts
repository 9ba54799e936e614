import type { Dashboard } from '@repo/components/watch/dashboards/dashboard';
import type { RuleGroup } from '@repo/components/watch/rule';

/** A query and where it stands. */
export interface WatchedQuery {
  /** `alert ModelNotReady`, `record model:score_shift:ks1h`, `panel System / Requests`. */
  readonly where: string;
  readonly query: string;
}

/** What rules ask for. */
export const queriesOfRules = (groups: readonly RuleGroup[]): WatchedQuery[] =>
  groups.flatMap(({ rules }) =>
    rules.map((rule) => ({
      where: 'alert' in rule ? `alert ${rule.alert}` : `record ${rule.record}`,
      query: rule.expr,
    })),
  );

/** What dashboards ask for. */
export const queriesOfDashboards = (dashboards: readonly Dashboard[]): WatchedQuery[] =>
  dashboards.flatMap(({ title, panels }) =>
    panels.flatMap((panel) =>
      panel.targets.map(({ expr }) => ({ where: `panel ${title} / ${panel.title}`, query: expr })),
    ),
  );
