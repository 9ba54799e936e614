import { expect, test } from 'vitest';
import { serviceSpec, serviceUrl } from './model-service-spec.ts';

test('a port of the node is opened only where one is given, and never for metrics', () => {
  expect(serviceSpec('bike-demand', 30_080)).toMatchObject({
    type: 'NodePort',
    ports: [{ name: 'http', nodePort: 30_080 }],
  });
  expect(serviceSpec('bike-demand', undefined).type).toBe('ClusterIP');
});

test('callers are told an address that they can reach', () => {
  expect(serviceUrl('bike-demand', 'models', 30_080)).toBe('http://127.0.0.1:30080');
  expect(serviceUrl('bike-demand', 'models', undefined)).toBe('http://bike-demand.models.svc.cluster.local');
});
