import { expect, test } from 'vitest';
import { declaredBy } from './fixtures/declared-by.ts';
import { watchedExamples } from './fixtures/watched-examples.ts';
import { ModelWatch } from './model-watch.ts';
import { ServiceWatch } from './service-watch.ts';
import type { WatchedModel } from './watch/watched-model.ts';

const [bus, bikes] = watchedExamples as [WatchedModel, WatchedModel];
const namespace = 'monitoring';

test('a model is watched by files that any Prometheus and Grafana read, and by a rule where an operator does', async () => {
  const declared = await declaredBy(() => new ModelWatch('late-bus', { model: bus, namespace, hasOperator: true }));
  const { 'late-bus-rules': rules, 'late-bus-dashboards': dashboards } = declared.of('core/v1:ConfigMap');
  const { groups } = JSON.parse(rules.data['late-bus.rules.yaml']);
  expect(declared.one(':PrometheusRule').spec.groups).toEqual(groups);
  expect(Object.keys(dashboards.data).sort()).toEqual([
    'causeway-business-late-bus.json',
    'causeway-experiment-late-bus.json',
    'causeway-model-late-bus.json',
    'causeway-quality-late-bus.json',
  ]);
  expect(dashboards.metadata.labels.grafana_dashboard).toBe('1');
});

test('without an operator nothing is asked of one', async () => {
  const places = { modelsNamespace: 'models', rolloutsNamespace: 'argo-rollouts' };
  const { all } = await declaredBy(() => {
    new ServiceWatch('service', { namespace, ...places, hasOperator: false });
    new ModelWatch('bike-demand', { model: bikes, namespace, hasOperator: false });
  });
  expect(all.filter(({ type }) => type.includes('monitoring.coreos.com'))).toEqual([]);
});

test('pods hand model, variant and template hash on to their series, and the controller of releases is read too', async () => {
  const places = { modelsNamespace: 'models', rolloutsNamespace: 'argo-rollouts' };
  const declared = await declaredBy(() => new ServiceWatch('service', { namespace, ...places, hasOperator: true }));
  const { 'service-PodMonitor': pods, 'service-rollouts': rollouts } = declared.of(':PodMonitor');
  expect(pods.spec.podTargetLabels).toEqual(['app.kubernetes.io/name', 'variant', 'rollouts-pod-template-hash']);
  expect(rollouts.spec.namespaceSelector.matchNames).toEqual(['argo-rollouts']);
  expect(rollouts.spec.podMetricsEndpoints[0].honorLabels).toBe(true);
});
