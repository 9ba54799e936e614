import type { types } from '@pulumi/kubernetes';
import { podLabels } from '@repo/contract/target-label';
import { graceMs, prestopDelayMs, terminationGraceS } from './grace.ts';
import type { ModelFacts } from './model-facts.ts';
import { labelsOf } from './naming.ts';
import { containerSecurity, podSecurity } from './pod-security.ts';
import { processors } from './processors.ts';

/** Ports of the service: predictions and health, and metrics for the cluster alone. */
export const port = { http: 8080, metrics: 9090 } as const;

/** What a pod is made of besides the model. Names are those of objects in its namespace. */
export interface PodSettings {
  readonly image: string;
  /** Whether the node may ask a registry. False on the stack local, whose nodes have been given the image. */
  readonly pull: boolean;
  readonly serviceAccount: string;
  /** ConfigMap that holds champion.json. Its name changes with its content, so that pods change with the champion. */
  readonly championConfigMap: string;
  /**
   * Secret that holds keys.json and, where there is one, `online-store`, the URL of the shared store, and `admin-token-sha256`, of the
   * token that the newest predictions are read with.
   */
  readonly secret: string;
  /** Part of the model's processors that is reserved; the rest is taken when it is free. */
  readonly cpuRequestShare: number;
  /** CAUSEWAY_STATE. */
  readonly stateUrl: string;
  /** Changes with the URL of the online store, which pods read once, so that they change with it. */
  readonly onlineStoreMark: string;
}

/** Where a pod reads its own labels: a canary that is promoted keeps running, and its label becomes stable. */
const podDir = '/etc/causeway/pod';

const mounts = [
  // All that the service ever writes: its state, its copies of the registry's versions, its prediction log.
  { name: 'state', mountPath: '/app/.causeway' },
  { name: 'keys', mountPath: '/etc/causeway/keys', readOnly: true },
  { name: 'pod', mountPath: podDir, readOnly: true },
] as const;

function environment(model: ModelFacts, settings: PodSettings): types.input.core.v1.EnvVar[] {
  const values = {
    PORT: String(port.http),
    ADMIN_PORT: String(port.metrics),
    VARIANT_FILE: `${podDir}/variant`,
    API_KEYS_FILE: '/etc/causeway/keys/keys.json',
    MODELS_DIR: '/etc/causeway/models',
    CAUSEWAY_STATE: settings.stateUrl,
    PRESTOP_DELAY_MS: String(prestopDelayMs),
    GRACE_MS: String(graceMs(model.serving.timeoutMs)),
  };
  // Without the key the variable is not set: each pod has its own store, and nobody holds a token.
  const fromSecret = (key: string) => ({ secretKeyRef: { name: settings.secret, key, optional: true } });
  return [
    ...Object.entries(values).map(([name, value]) => ({ name, value })),
    { name: 'ONLINE_STORE', valueFrom: fromSecret('online-store') },
    { name: 'ADMIN_TOKEN_SHA256', valueFrom: fromSecret('admin-token-sha256') },
    { name: 'POD_HASH', valueFrom: { fieldRef: { fieldPath: `metadata.labels['${podLabels.templateHash}']` } } },
  ];
}

/** Startup may last as long as the service itself waits for a model (LOAD_TIMEOUT_MS, 10 minutes); then 6 s without an answer end a pod. */
function probes(): Pick<types.input.core.v1.Container, 'startupProbe' | 'readinessProbe' | 'livenessProbe'> {
  const get = (path: string, periodSeconds: number, failureThreshold: number) => ({
    httpGet: { path, port: 'http' },
    periodSeconds,
    failureThreshold,
    timeoutSeconds: 2,
  });
  return {
    startupProbe: get('/v2/health/ready', 1, 600),
    readinessProbe: get('/v2/health/ready', 2, 1),
    livenessProbe: get('/v2/health/live', 10, 3),
  };
}

function container(model: ModelFacts, settings: PodSettings): types.input.core.v1.Container {
  const { cpu, memoryMiB } = model.resources;
  const memory = `${memoryMiB}Mi`;
  return {
    name: 'inference',
    image: settings.image,
    imagePullPolicy: settings.pull ? 'IfNotPresent' : 'Never',
    ports: Object.entries(port).map(([name, containerPort]) => ({ name, containerPort })),
    env: environment(model, settings),
    resources: {
      requests: { cpu: processors(cpu * settings.cpuRequestShare), memory, 'ephemeral-storage': '1Gi' },
      limits: { cpu: processors(cpu), memory, 'ephemeral-storage': '2Gi' },
    },
    securityContext: containerSecurity,
    volumeMounts: [...mounts, { name: 'champion', mountPath: `/etc/causeway/models/${model.name}`, readOnly: true }],
    ...probes(),
  };
}

/** Labels by which all pods of a model are found, and nothing else is. */
export const podSelector = (model: string): Record<string, string> => ({
  'app.kubernetes.io/name': model,
  'app.kubernetes.io/component': 'inference',
});

/** Pods spread over zones and nodes as evenly as there is room; where there is none they still run. */
const spread = (model: string): types.input.core.v1.TopologySpreadConstraint[] =>
  ['topology.kubernetes.io/zone', 'kubernetes.io/hostname'].map((topologyKey) => ({
    topologyKey,
    maxSkew: 1,
    whenUnsatisfiable: 'ScheduleAnyway',
    labelSelector: { matchLabels: podSelector(model) },
  }));

/** The pod of a model: passes the pod security level `restricted`, writes to one folder, holds no token of the cluster. */
export function podTemplate(model: ModelFacts, settings: PodSettings): types.input.core.v1.PodTemplateSpec {
  return {
    metadata: {
      labels: labelsOf(model.name, 'inference'),
      annotations: { 'causeway/online-store': settings.onlineStoreMark },
    },
    spec: {
      serviceAccountName: settings.serviceAccount,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      terminationGracePeriodSeconds: terminationGraceS(model.serving.timeoutMs),
      securityContext: podSecurity,
      topologySpreadConstraints: spread(model.name),
      containers: [container(model, settings)],
      volumes: [
        { name: 'state', emptyDir: { sizeLimit: '1Gi' } },
        { name: 'keys', secret: { secretName: settings.secret, items: [{ key: 'keys.json', path: 'keys.json' }] } },
        {
          name: 'pod',
          downwardAPI: {
            items: [{ path: 'variant', fieldRef: { fieldPath: `metadata.labels['${podLabels.variant}']` } }],
          },
        },
        { name: 'champion', configMap: { name: settings.championConfigMap } },
      ],
    },
  };
}
