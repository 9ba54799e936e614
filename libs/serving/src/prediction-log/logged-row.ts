import { dataMark } from './event-line.ts';

/** An event as one row of the compacted log; the names are those of the columns. */
export interface LoggedRow {
  id: string;
  /** UTC microseconds. */
  time: bigint;
  model: string;
  version: string;
  digest: string;
  level: string;
  variant: string;
  propensity: number;
  kind: string;
  /** Hash of the template of the pod that answered. */
  podhash: string | null;
  traceparent: string | null;
  probability: number | null;
  prediction: number | null;
  decision: boolean | null;
  /** JSON text. */
  request: string | null;
  /** JSON text: the features with their status. */
  features: string | null;
  /** JSON text of what has no column of its own: the rest of a prediction's answer, the tensors of an inference. */
  data: string;
  /** Name of the experiment that the variant belongs to. */
  experiment: string | null;
}

/** A row and the folder it belongs to: `<model>/<yyyy-mm-dd>`. */
export interface PlacedRow {
  readonly folder: string;
  readonly row: LoggedRow;
}

const text = (value: unknown): string | null => (value === undefined ? null : JSON.stringify(value));
const number = (value: unknown): number | null => (typeof value === 'number' ? value : null);
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

type PredictionColumns = Pick<LoggedRow, 'probability' | 'prediction' | 'decision' | 'request' | 'features' | 'data'>;

/** The columns of a prediction: of its request and of its answer, whose other members are the data. */
function readPrediction(json: string): PredictionColumns {
  const { request, answer } = JSON.parse(json) as Record<string, unknown>;
  const { features, probability, prediction, decision, ...rest } = isRecord(answer) ? answer : {};
  return {
    probability: number(probability),
    prediction: number(prediction),
    decision: typeof decision === 'boolean' ? decision : null,
    request: text(request),
    features: text(features),
    data: isRecord(answer) ? JSON.stringify(rest) : json,
  };
}

const noPrediction = { probability: null, prediction: null, decision: null, request: null, features: null };

/**
 * Turns a line of a segment into a row. The tensors of an inference are copied as they stand: parsing them would be most of the work.
 * Throws SyntaxError when the line is no event of this log.
 */
export function readRow(line: string): PlacedRow {
  const mark = line.indexOf(dataMark);
  if (mark < 0 || !line.endsWith('}')) throw new SyntaxError('no event');
  const event = JSON.parse(`${line.slice(0, mark)}}`) as Record<string, string>;
  const data = line.slice(mark + dataMark.length, -1);
  const { id, subject, time, modeldigest, fallbacklevel, variant, propensity, kind, podhash, traceparent } = event;
  const micros = Date.parse(time ?? '') * 1000;
  if (id === undefined || subject === undefined || !Number.isFinite(micros)) throw new SyntaxError('no event');
  const slash = subject.lastIndexOf('/');
  const model = subject.slice(0, slash);
  return {
    folder: `${encodeURIComponent(model)}/${time?.slice(0, 10)}`,
    row: {
      id,
      time: BigInt(micros),
      model,
      version: subject.slice(slash + 1),
      digest: modeldigest ?? '',
      level: fallbacklevel ?? '',
      variant: variant ?? '',
      propensity: Number(propensity),
      kind: kind ?? '',
      podhash: podhash ?? null,
      traceparent: traceparent ?? null,
      ...(kind === 'infer' ? { ...noPrediction, data } : readPrediction(data)),
      experiment: event.experiment ?? null,
    },
  };
}
