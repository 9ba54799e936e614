import { type Exposure, mostLoggedValues, type PredictionEvent } from '../prediction-log.ts';

/** Most bytes of an event's line, its newline included: the size up to which CloudEvents asks everybody to pass an event on. */
export const maxEventBytes = 64 * 1024;

/**
 * Begins the data, which is an event's last member, so that it can be copied without being parsed. Within a text its quotes would be escaped:
 * the first one in a line is this one.
 */
export const dataMark = ',"data":';

/** What holds for every event of a process. */
export interface EventOrigin {
  /** CloudEvents `source`, a URI reference. */
  readonly source: string;
  /** Which variant of an experiment or release this process serves; asked for each event, as a canary that is promoted is one no more. */
  readonly variant: string;
  /** Hash of the pod's template, which never changes. Default and null: no pod. */
  readonly podHash?: string | null;
}

/** An event as a line, and what became of its data: `written`; `dropped_size`, too large and left out; `failed`, not expressible in JSON. */
export interface EventLine {
  readonly line: string;
  readonly result: 'written' | 'dropped_size' | 'failed';
}

/** Data of an event, or what stands for it. */
function dataJson({ values = 0, data }: PredictionEvent): { json: string; result: EventLine['result'] } {
  if (values > mostLoggedValues) return { json: '{"omitted":"too_large"}', result: 'dropped_size' };
  try {
    // undefined is no JSON; null is.
    return { json: JSON.stringify(data()) ?? 'null', result: 'written' };
  } catch {
    return { json: '{"omitted":"not_json"}', result: 'failed' };
  }
}

/** UTF-16 units take at most three bytes each, so that most lines need no second look. */
const isTooLarge = (line: string): boolean =>
  line.length > maxEventBytes / 3 && Buffer.byteLength(line) > maxEventBytes;

/** The arm of an experiment, where there is one; else what the process is. Propensities come in steps of 0.0001, so never as 1e-7. */
function describeVariant(variant: string, exposure: Exposure | undefined): string {
  if (exposure === undefined) return `"variant":${JSON.stringify(variant)},"propensity":"1"`;
  const { variant: arm, propensity, experiment } = exposure;
  return `"variant":${JSON.stringify(arm)},"propensity":"${propensity}","experiment":${JSON.stringify(experiment)}`;
}

/**
 * Returns a function that writes events as CloudEvents 1.0 in structured JSON, one a line. The type is KServe's, so that what takes its events
 * takes these. Attributes have no fractions in CloudEvents, so propensity is a string: 1, every request goes to the one variant there is,
 * outside of an experiment. Text that repeats from one event to the next is made once: a line of 24 values takes some 5 microseconds.
 */
export function createEventWriter(origin: EventOrigin): (event: PredictionEvent, atMs: number) => EventLine {
  const type = 'org.kubeflow.serving.inference.response';
  const { source, podHash = null } = origin;
  const pod = podHash === null ? '' : `,"podhash":${JSON.stringify(podHash)}`;
  const common = `"source":${JSON.stringify(source)},"type":"${type}","datacontenttype":"application/json"${pod}`;
  let variant = '';
  let last: Omit<PredictionEvent, 'data'> | undefined;
  let ofModel = '';
  let lastMs = Number.NaN;
  let time = '';

  const describeModel = (event: PredictionEvent): string => {
    const { model, version, digest, level, kind, exposure } = event;
    const same =
      variant === origin.variant && last?.model === model && last.version === version && last.digest === digest;
    if (same && last?.level === level && last.kind === kind && last.exposure === exposure) return ofModel;
    // Without data: what it holds on to may be large.
    last = { requestId: '', model, version, digest, level, kind, exposure };
    variant = origin.variant;
    ofModel = `${common},${describeVariant(variant, exposure)},"subject":${JSON.stringify(`${model}/${version}`)},"modeldigest":${JSON.stringify(digest)},"fallbacklevel":"${level}","kind":"${kind}"`;
    return ofModel;
  };

  return (event, atMs) => {
    if (atMs !== lastMs) [lastMs, time] = [atMs, new Date(atMs).toISOString()];
    const requestId = JSON.stringify(event.requestId);
    const id = event.id === undefined ? requestId : JSON.stringify(event.id);
    const trace = event.traceparent === undefined ? '' : `,"traceparent":${JSON.stringify(event.traceparent)}`;
    const head = `{"specversion":"1.0","id":${id},"requestid":${requestId},${describeModel(event)},"time":"${time}"${trace}${dataMark}`;
    const { json, result } = dataJson(event);
    const line = `${head}${json}}\n`;
    if (!isTooLarge(line)) return { line, result };
    return { line: `${head}{"omitted":"too_large","bytes":${Buffer.byteLength(json)}}}\n`, result: 'dropped_size' };
  };
}
