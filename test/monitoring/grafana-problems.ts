import type { Dashboard } from '@repo/components/watch/dashboards/dashboard';
import { literalProblems } from '../engine/compile-literals.ts';

/** Grafana's types as JSON holds them: a member of an enum is its text or number. */
const head = [
  "import type { Dashboard, GraphFieldConfig, Panel } from '@grafana/schema';",
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is TypeScript that is written here
  'type Plain<T> = T extends string ? `${T}` : T extends readonly (infer U)[] ? Plain<U>[] : T extends object ? { [K in keyof T]: Plain<T[K]> } : T;',
].join(' ');

/**
 * What Grafana's own schema, in the form of its TypeScript types, says against dashboards, a line each: fields that do not exist and values that
 * are not allowed, of the dashboard, of its panels and of how their lines are drawn. `root` is the workspace.
 */
export function grafanaProblems(root: string, dashboards: readonly Dashboard[]): string[] {
  const literals = dashboards.flatMap(({ panels, ...rest }) => [
    { where: rest.title, type: 'Plain<Dashboard>', value: rest },
    ...panels.map((panel) => ({
      where: `${rest.title} / ${panel.title}`,
      type: 'Plain<Panel<Record<string, unknown>, GraphFieldConfig>>',
      value: panel,
    })),
  ]);
  return literalProblems(root, head, literals);
}
