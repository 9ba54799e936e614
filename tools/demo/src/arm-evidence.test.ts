import { expect, test } from 'vitest';
import { armEvidence } from './arm-evidence.ts';
import { parseMetrics } from './read-metrics.ts';

const page = (ok: number, failed: number, fast: number, slow: number, lower: number, refused: number) =>
  parseMetrics(`# HELP inference_requests_total Requests
inference_requests_total{model="m",version="1",code="200"} ${ok}
inference_requests_total{model="m",version="1",code="503"} ${failed}
inference_requests_total{model="m",version="1",code="422"} ${refused}
inference_requests_total{model="other",version="1",code="503"} 99
inference_request_duration_seconds_bucket{le="0.01",model="m",version="1"} ${fast}
inference_request_duration_seconds_bucket{le="+Inf",model="m",version="1"} ${fast + slow}
prediction_score_bucket{le="0.5",model="m",version="1"} ${fast}
prediction_score_bucket{le="+Inf",model="m",version="1"} ${fast + slow}
predictions_total{model="m",version="1",level="champion"} ${ok - lower}
predictions_total{model="m",version="1",level="prior"} ${lower}`);

test('an arm is what its process counted of the model since it began, as counts between bounds', () => {
  const arm = armEvidence({
    model: 'm',
    before: page(10, 1, 8, 2, 0, 1),
    now: page(110, 3, 90, 20, 4, 4),
    replicas: 25,
  });
  expect(arm).toEqual({
    requests: 105,
    errors: 2,
    refusals: 3,
    latency: { bounds: [0.01], counts: [82, 18] },
    scores: { bounds: [0.5], counts: [82, 18] },
    predictions: 100,
    fallbacks: 4,
    replicas: 25,
  });
});
