import { type MetricName, type MetricRow, metrics } from '@repo/contract/metric';
import { metricQueries } from './metric-query.ts';

/** Grafana's names of our units; what is not here is a plain number. */
const units: Partial<Record<MetricRow['unit'], string>> = {
  seconds: 's',
  requests: 'short',
  probability: 'percentunit',
};

const panelWidth = 12;
const panelHeight = 7;

function panel(name: MetricName, i: number) {
  const { type, help, unit }: MetricRow = metrics[name];
  return {
    id: i + 1,
    title: name,
    description: help,
    type: 'timeseries',
    gridPos: { x: (i % 2) * panelWidth, y: Math.floor(i / 2) * panelHeight, w: panelWidth, h: panelHeight },
    fieldConfig: { defaults: { unit: type === 'counter' ? 'cps' : (units[unit] ?? 'none') }, overrides: [] },
    targets: metricQueries(name).map(({ query, legend }, line) => ({
      refId: String.fromCharCode('A'.charCodeAt(0) + line),
      expr: query,
      legendFormat: legend,
    })),
  };
}

/** A Grafana dashboard with a graph for every metric that the service declares, in the order of the declaration. */
export const serviceDashboard = () => ({
  uid: 'causeway-service',
  title: 'Inference service',
  schemaVersion: 39,
  time: { from: 'now-3h', to: 'now' },
  refresh: '30s',
  panels: (Object.keys(metrics) as MetricName[]).map(panel),
});
