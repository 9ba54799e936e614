import type { types } from '@pulumi/kubernetes';
import { jobPod, jobSelector, type ModelJob, workDir } from './model-job-spec.ts';
import { labelsOf } from './naming.ts';

/** Sets the pod that follows apart from those of jobs, which have the rest of its labels. */
const kindLabel = 'causeway/job';

/** A file that the command touches as long as it goes on, and makes when it is ready; the image has no shell, but Node. */
function beats(source: string, withinS: number): types.input.core.v1.Probe {
  const path = `${workDir}/following/${source}`;
  const look = `process.exit(Date.now()-require('node:fs').statSync('${path}').mtimeMs<${withinS * 1000}?0:1)`;
  return { exec: { command: ['/app/bin/node', '-e', look] }, timeoutSeconds: 10 };
}

/**
 * Takes the stream of a source for as long as there is one, in a single pod that a new image replaces. `Recreate`: the old one is gone before the new
 * one comes, which would otherwise wait for memory that the old one has. A second would do no harm, as a group shares a stream.
 */
export function followerSpec(job: ModelJob & { readonly kind: 'ingest' }): types.input.apps.v1.DeploymentSpec {
  const labels = { ...labelsOf(job.model, 'job'), [kindLabel]: job.kind };
  const pod = jobPod(job);
  const beat = beats(job.source, 60);
  return {
    replicas: 1,
    strategy: { type: 'Recreate' },
    revisionHistoryLimit: 3,
    // The first thing that it does is to read the table.
    progressDeadlineSeconds: 900,
    selector: { matchLabels: { ...jobSelector(job.model), [kindLabel]: job.kind } },
    template: {
      metadata: { labels },
      spec: {
        ...pod,
        restartPolicy: 'Always',
        // Enough for the batch that it is at; one that is cut off comes again.
        terminationGracePeriodSeconds: 60,
        containers: pod.containers.map((container) => ({
          ...container,
          startupProbe: { ...beat, periodSeconds: 10, failureThreshold: 60 },
          readinessProbe: { ...beat, periodSeconds: 30 },
          livenessProbe: { ...beat, periodSeconds: 30, failureThreshold: 3 },
        })),
      },
    },
  };
}
