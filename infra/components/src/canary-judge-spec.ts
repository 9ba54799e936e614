import type { types } from '@pulumi/kubernetes';
import { judgeSecret } from './judge-tokens.ts';
import { labelsOf } from './naming.ts';
import { containerSecurity, podSecurity } from './pod-security.ts';

/** Port that the judge answers at. */
export const judgePort = 8080;

/** Labels by which the judge's pod is found. */
export const judgeSelector = labelsOf('judge', 'judge');

/** What the judge's pod is made of. Names are those of objects in its namespace. */
export interface JudgePodSettings {
  readonly image: string;
  readonly pull: boolean;
  readonly prometheusUrl: string;
  readonly namespace: string;
  /** CAUSEWAY_STATE. */
  readonly stateUrl: string;
  /** ConfigMap with `<model>.json`: what the judge goes by. */
  readonly policies: string;
  /** SHA-256 of the token that Argo Rollouts sends. */
  readonly askJudgeSha256: string;
}

function container(settings: JudgePodSettings): types.input.core.v1.Container {
  const values = {
    HOST: '0.0.0.0',
    PORT: String(judgePort),
    PROMETHEUS_URL: settings.prometheusUrl,
    MODELS_NAMESPACE: settings.namespace,
    POLICIES_DIR: '/etc/causeway/policies',
    CAUSEWAY_STATE: settings.stateUrl,
    JUDGE_TOKEN_SHA256: settings.askJudgeSha256,
  };
  const token = { secretKeyRef: { name: judgeSecret.name, key: judgeSecret.readPredictions } };
  const get = { path: '/health', port: 'http' };
  return {
    name: 'judge',
    image: settings.image,
    imagePullPolicy: settings.pull ? 'IfNotPresent' : 'Never',
    // The image of the service has a second program in it.
    command: ['/app/bin/node', '/app/apps/inference/dist/judge.js'],
    ports: [{ name: 'http', containerPort: judgePort }],
    env: [
      ...Object.entries(values).map(([name, value]) => ({ name, value })),
      { name: 'ADMIN_TOKEN', valueFrom: token },
    ],
    resources: {
      requests: { cpu: '50m', memory: '256Mi', 'ephemeral-storage': '256Mi' },
      limits: { memory: '512Mi', 'ephemeral-storage': '1Gi' },
    },
    securityContext: containerSecurity,
    volumeMounts: [
      { name: 'state', mountPath: '/app/.causeway' },
      { name: 'policies', mountPath: '/etc/causeway/policies', readOnly: true },
    ],
    readinessProbe: { httpGet: get, periodSeconds: 5, timeoutSeconds: 2 },
    livenessProbe: { httpGet: get, periodSeconds: 10, timeoutSeconds: 2 },
  };
}

/** Spec of the judge's Deployment: one pod, since it keeps nothing and a canary waits while it is being replaced. */
export function judgeDeployment(settings: JudgePodSettings): types.input.apps.v1.DeploymentSpec {
  return {
    replicas: 1,
    selector: { matchLabels: judgeSelector },
    template: {
      metadata: { labels: judgeSelector },
      spec: {
        serviceAccountName: judgeSecret.name,
        automountServiceAccountToken: true,
        enableServiceLinks: false,
        terminationGracePeriodSeconds: 30,
        securityContext: podSecurity,
        containers: [container(settings)],
        volumes: [
          { name: 'state', emptyDir: { sizeLimit: '512Mi' } },
          { name: 'policies', configMap: { name: settings.policies } },
        ],
      },
    },
  };
}
