import { fileURLToPath } from 'node:url';
import { watchedExamples } from '@repo/components/fixtures/watched-examples';
import type { Dashboard } from '@repo/components/watch/dashboards/dashboard';
import { commonDashboards, modelDashboards } from '@repo/components/watch/dashboards/dashboards';
import { expect, test } from 'vitest';
import { grafanaProblems } from './grafana-problems.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** A dashboard whose text has been changed. */
const changed = (dashboard: Dashboard, from: string, to: string): Dashboard => {
  const text = JSON.stringify(dashboard);
  expect(text).toContain(from);
  return JSON.parse(text.replace(from, to));
};

test('every dashboard is one by the schema of Grafana, and what is not is found where it stands', () => {
  const good = [...commonDashboards(), ...watchedExamples.flatMap(modelDashboards)];
  const [system] = good as [Dashboard];
  const broken = [
    changed(system, '"editable":false', '"editabel":false'),
    changed(system, '"schemaVersion":39', '"schemaVersion":"39"'),
    changed(system, '"gridPos":{"x":0', '"gridPos":{"left":0'),
    changed(system, '"mode":"absolute"', '"mode":"relative"'),
  ];
  const problems = grafanaProblems(root, [...good, ...broken]);
  expect(problems).toEqual([
    expect.stringMatching(/^System: .*editabel/),
    expect.stringMatching(/^System: .*schemaVersion|^System: Type 'string' is not assignable to type 'number'/),
    expect.stringMatching(/^System \/ Requests: .*left/),
    expect.stringMatching(/^System \/ Requests: .*"relative"/),
  ]);
});
