import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createEventWriter, maxEventBytes } from './event-line.ts';
import { exampleEvent } from './fixtures/example-event.ts';

const write = createEventWriter({ source: '/inference/here', variant: 'stable' });
const atMs = Date.UTC(2013, 11, 24, 16);

test('an event is a CloudEvent in structured JSON whose attributes are those of the answer', () => {
  const { line, result } = write(exampleEvent('r-1', { traceparent: '00-ab-cd-01' }), atMs);
  expect(result).toBe('written');
  expect(JSON.parse(line)).toEqual({
    specversion: '1.0',
    id: 'r-1',
    source: '/inference/here',
    type: 'org.kubeflow.serving.inference.response',
    subject: 'example/3',
    time: '2013-12-24T16:00:00.000Z',
    datacontenttype: 'application/json',
    requestid: 'r-1',
    modeldigest: 'sha256:0123',
    variant: 'stable',
    propensity: '1',
    fallbacklevel: 'champion',
    kind: 'predict',
    traceparent: '00-ab-cd-01',
    data: exampleEvent('r-1').data(),
  });
});

test('every attribute has a name and a type that CloudEvents allows', () => {
  const { data: _, ...attributes } = JSON.parse(write(exampleEvent('r-1', { traceparent: '00' }), atMs).line);
  for (const [name, value] of Object.entries(attributes)) {
    expect(name).toMatch(/^[a-z0-9]+$/);
    expect(typeof value).toBe('string');
  }
});

test('whatever text it holds, an event is one line that reads back', () => {
  const anyText = fc.string({ unit: 'binary', maxLength: 20 });
  fc.assert(
    fc.property(anyText, anyText, anyText, (requestId, model, value) => {
      const { line } = write(exampleEvent(requestId, { model, data: () => ({ value }) }), atMs);
      expect(line.indexOf('\n')).toBe(line.length - 1);
      expect(JSON.parse(line)).toMatchObject({ id: requestId, subject: `${model}/3`, data: { value } });
    }),
    { numRuns: 50 },
  );
});

test('events of two models in turn, or of two levels, keep their own attributes', () => {
  const different = [
    {},
    { model: 'other' },
    { version: '4' },
    { digest: 'x' },
    { level: 'prior' },
    { kind: 'infer' },
  ] as const;
  const pairs = different.flatMap((one) => different.map((other) => [one, other] as const));
  for (const some of pairs.flat()) {
    const event = exampleEvent('r', some);
    const { subject, modeldigest, fallbacklevel, kind } = JSON.parse(write(event, atMs).line);
    expect([subject, modeldigest, fallbacklevel, kind]).toEqual([
      `${event.model}/${event.version}`,
      event.digest,
      event.level,
      event.kind,
    ]);
  }
});

test('an event over 64 KiB keeps its line and loses its data', () => {
  const { length } = write(exampleEvent('r', { data: () => '' }), atMs).line;
  const fits = 'é'.repeat((maxEventBytes - length) / 2);
  expect(write(exampleEvent('r', { data: () => fits }), atMs).result).toBe('written');
  const { line, result } = write(exampleEvent('r', { data: () => `${fits}ab` }), atMs);
  expect(result).toBe('dropped_size');
  expect(JSON.parse(line)).toMatchObject({ id: 'r', subject: 'example/3', data: { omitted: 'too_large' } });
});

test('data of more values than fit is not even made', () => {
  const data = () => {
    throw new Error('was made');
  };
  expect(write(exampleEvent('r', { values: 32_769, data }), atMs).result).toBe('dropped_size');
  expect(write(exampleEvent('r', { values: 32_768, data }), atMs).result).toBe('failed');
});

test('data that is no JSON fails without losing the line', () => {
  const { line, result } = write(exampleEvent('r', { data: () => ({ big: 1n }) }), atMs);
  expect(result).toBe('failed');
  expect(JSON.parse(line)).toMatchObject({ id: 'r', data: { omitted: 'not_json' } });
});

test('a variant that changes while the process runs is that of the next event, and the hash of the pod stays', () => {
  const origin = { source: '/', variant: 'canary', podHash: '5c9d' };
  const writing = createEventWriter(origin);
  const read = (id: string) => JSON.parse(writing(exampleEvent(id), atMs).line);
  expect(read('a')).toMatchObject({ variant: 'canary', podhash: '5c9d' });
  origin.variant = 'stable';
  expect(read('b')).toMatchObject({ variant: 'stable', podhash: '5c9d' });
});

test('an answer of an experiment carries its arm and how probable that was instead of the variant of the process', () => {
  const arms = ['champion', 'version-2'].map((variant) => ({ experiment: 'trees', variant, propensity: 0.0001 }));
  const read = (exposure?: (typeof arms)[number]) => JSON.parse(write(exampleEvent('r', { exposure }), atMs).line);
  for (const exposure of [...arms, ...arms]) {
    expect(read(exposure)).toMatchObject({ ...exposure, propensity: '0.0001' });
    expect(read()).toMatchObject({ variant: 'stable', propensity: '1' });
    expect(read()).not.toHaveProperty('experiment');
  }
});

test('a second event of a request has an id of its own and still names the request', () => {
  const { line } = write(exampleEvent('r-1', { id: 'r-1.shadow' }), atMs);
  expect(JSON.parse(line)).toMatchObject({ id: 'r-1.shadow', requestid: 'r-1' });
});
