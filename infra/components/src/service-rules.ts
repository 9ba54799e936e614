import type { MetricName } from '@repo/contract/metric';

/** An alert as Prometheus reads it. */
interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly labels: { readonly severity: 'page' | 'ticket' };
  readonly annotations: { readonly summary: string };
}

/** Names a metric that the service declares; any other does not compile. */
const metric = (name: MetricName): string => name;

/** What is wrong with the service whatever the model; what is wrong with a model is derived from its definition elsewhere. */
const rules: readonly AlertRule[] = [
  {
    alert: 'ModelNotReady',
    expr: `max by (model) (${metric('model_ready')}) == 0`,
    for: '2m',
    labels: { severity: 'page' },
    annotations: { summary: 'No replica serves {{ $labels.model }}: every load failed its digest or its golden rows.' },
  },
  {
    alert: 'RequestsFail',
    // 499 is the client that left; a share of nothing is no alert.
    expr: `sum by (model) (rate(${metric('inference_requests_total')}{code=~"5.."}[5m])) / sum by (model) (rate(${metric('inference_requests_total')}[5m])) > 0.01`,
    for: '5m',
    labels: { severity: 'page' },
    annotations: { summary: 'More than 1 % of the requests for {{ $labels.model }} are answered with 5xx.' },
  },
  {
    alert: 'FallbackInUse',
    expr: `max by (model, level) (${metric('fallback_breaker_open')}) == 1`,
    for: '10m',
    labels: { severity: 'ticket' },
    annotations: { summary: '{{ $labels.level }} of {{ $labels.model }} is not asked, because it failed too often.' },
  },
  {
    alert: 'WorkersRestart',
    expr: `increase(${metric('worker_restarts_total')}[15m]) > 3`,
    for: '0m',
    labels: { severity: 'ticket' },
    annotations: { summary: 'Threads of {{ $labels.pod }} end by themselves again and again.' },
  },
];

/** The rules as a file of Prometheus holds them. */
export const serviceRules = () => ({ groups: [{ name: 'causeway-service', rules }] });
