import { metric } from '@repo/contract/metric-name';
import { targetLabels } from '@repo/contract/target-label';
import { type Dashboard, dashboard, type Panel, Unit } from './dashboard.ts';
import { metricLines } from './metric-query.ts';

const service = targetLabels.model;

const panels: readonly Panel[] = [
  {
    title: 'Requests',
    about: 'Requests answered in a second, by the model that the pods are there for.',
    unit: Unit.perSecond,
    lines: metricLines('inference_requests_total', { by: [service] }),
  },
  {
    title: 'Answers by status',
    about: '499 is a client that left first; 503 is what was refused for want of room.',
    unit: Unit.perSecond,
    lines: metricLines('inference_requests_total', { by: [service, 'code'] }),
  },
  {
    title: 'Duration',
    about: 'From the request line to the last byte of the answer.',
    unit: Unit.seconds,
    lines: metricLines('inference_request_duration_seconds', { by: [service] }),
  },
  {
    title: 'In flight',
    about: 'Requests being worked on, on the busiest replica. KEDA adds replicas from 8 on.',
    unit: Unit.count,
    lines: metricLines('inference_inflight', { by: [service] }),
  },
  {
    title: 'Queue',
    about: 'Requests that wait for a run, on the replica where most do.',
    unit: Unit.count,
    lines: metricLines('inference_queue_depth', { by: ['model'] }),
  },
  {
    title: 'Refusals',
    about: 'By code of docs/errors.md. queue_full and overloaded want room; the others want another request.',
    unit: Unit.perSecond,
    lines: metricLines('inference_rejected_total', { by: [service, 'reason'] }),
  },
  {
    title: 'Event loop',
    about: 'How long the event loop of a pod stood still, 99th percentile between two scrapes.',
    unit: Unit.seconds,
    lines: metricLines('nodejs_eventloop_lag_seconds', { by: ['pod'] }),
  },
  {
    title: 'Threads that ended',
    about: 'Threads that ended by themselves and were replaced. More than a few in a day want a look.',
    unit: Unit.perSecond,
    lines: metricLines('worker_restarts_total', { by: ['model', 'pod'] }),
  },
  {
    title: 'Models that are ready',
    about: '1 when some replica serves the version. A champion at 0 is an incident.',
    unit: Unit.count,
    lines: metricLines('model_ready'),
  },
  {
    title: 'Replicas by bundle',
    about:
      'Which bundle how many pods serve, by the first digits of its digest. Two at once is a release, or one that stopped half-way.',
    unit: Unit.count,
    lines: [
      {
        query: `count by (model, version, digest, executor) (label_replace(${metric('model_info')}, "digest", "$1", "sha256", "(.{12}).*"))`,
        legend: '{{model}} {{version}} {{digest}} {{executor}}',
      },
    ],
  },
  {
    title: 'Changes of version',
    about: 'Versions that took over, and versions that failed their checks and did not.',
    unit: Unit.perSecond,
    lines: metricLines('model_reloads_total', { by: ['model', 'result'] }),
  },
  {
    title: 'Time to load',
    about: 'To verify a bundle, open it, check its golden rows and warm it up; over all loads of the pods that live.',
    unit: Unit.seconds,
    // Loads are too few for a rate: a pod's first would never show.
    lines: [0.5, 0.99].map((q) => ({
      query: `histogram_quantile(${q}, sum by (le, model) (${metric('model_load_duration_seconds_bucket')}))`,
      legend: `p${q * 100} {{model}}`,
    })),
  },
  {
    title: 'Prediction log',
    about: 'Events by what became of them; only written is good.',
    unit: Unit.perSecond,
    lines: metricLines('prediction_log_events_total', { by: [service, 'result'] }),
  },
  {
    title: 'Files of the log',
    about:
      'Compacted files that went to S3, that could not and are tried again, and that were removed for space before they went.',
    unit: Unit.perSecond,
    lines: metricLines('prediction_log_files_total', { by: [service, 'result'] }),
  },
];

/** How the service does as a program, whatever it answers: all models side by side. */
export const systemDashboard = (): Dashboard => dashboard('system', 'System', panels);
