import type { types } from '@pulumi/kubernetes';
import { podSelector, port } from './pod-template.ts';

/** A service over all pods of a model, whichever version they serve: the share of pods is the share of requests. */
export function serviceSpec(model: string, nodePort: number | undefined): types.input.core.v1.ServiceSpec {
  const http = { name: 'http', port: 80, targetPort: 'http' };
  return {
    type: nodePort === undefined ? 'ClusterIP' : 'NodePort',
    selector: podSelector(model),
    ports: [
      nodePort === undefined ? http : { ...http, nodePort },
      ...(nodePort === undefined ? [{ name: 'metrics', port: port.metrics, targetPort: 'metrics' }] : []),
    ],
  };
}

/** Where callers reach it. A port of the node is one of this machine: only the stack local has it. */
export const serviceUrl = (model: string, namespace: string, nodePort: number | undefined): string =>
  nodePort === undefined ? `http://${model}.${namespace}.svc.cluster.local` : `http://127.0.0.1:${nodePort}`;
