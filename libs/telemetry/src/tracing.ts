import type { Attributes, Context, Span, Tracer } from '@opentelemetry/api';

/** What a trace knows of one request. */
export interface RequestTrace {
  /** W3C trace context to hand on: that of our span, else the caller's, else nothing. */
  readonly traceparent: string | undefined;
  /** Adds a part of the request that took so many seconds and ended `agoSeconds` ago, now unless told. */
  part(name: string, seconds: number, agoSeconds?: number): void;
  /** Ends the request; `failed` marks it as an error of ours. */
  end(attributes: Attributes, failed: boolean): void;
}

/** Follows requests through the systems that they pass. */
export interface Tracing {
  /** Begins a request. `traceparent` is the header of the caller; anything that is no valid trace context counts as none. */
  begin(name: string, traceparent: string | undefined): RequestTrace;
  /** Sends what is held; a collector that is away is given up after 2 s. */
  close(): Promise<void>;
}

export interface TracingOptions {
  /** Base URL of an OTLP/HTTP collector; spans go to `<endpoint>/v1/traces`. */
  endpoint: string;
  /** Share of requests without a sampled parent that are traced, 0 to 1. A caller's own decision is followed. */
  ratio: number;
  service: string;
  version: string;
}

const form = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/** The header as it is when it is a valid W3C trace context of version 00, else undefined. */
export const validTraceparent = (header: string | undefined): string | undefined =>
  header !== undefined && form.test(header) ? header : undefined;

/** Tracing that only hands the caller's context on. */
export const untraced: Tracing = {
  begin: (_name, header) => ({ traceparent: validTraceparent(header), part: () => {}, end: () => {} }),
  close: async () => {},
};

/** Longest wait for the collector, retries included: leaving waits for it. */
const timeoutMillis = 2000;

type Api = typeof import('@opentelemetry/api');

function parentOf(api: Api, traceparent: string | undefined): Context {
  if (traceparent === undefined) return api.ROOT_CONTEXT;
  const [, traceId = '', spanId = '', flags = ''] = traceparent.split('-');
  const parent = { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & 1, isRemote: true };
  return api.trace.setSpanContext(api.ROOT_CONTEXT, parent);
}

function traceOf(api: Api, tracer: Tracer, span: Span, context: Context): RequestTrace {
  const { traceId, spanId, traceFlags } = span.spanContext();
  const inside = api.trace.setSpan(context, span);
  return {
    traceparent: `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`,
    part: (name, seconds, agoSeconds = 0) => {
      if (!span.isRecording()) return;
      const endMs = Date.now() - agoSeconds * 1000;
      tracer.startSpan(name, { startTime: endMs - seconds * 1000 }, inside).end(endMs);
    },
    end: (attributes, failed) => {
      span.setAttributes(attributes);
      if (failed) span.setStatus({ code: api.SpanStatusCode.ERROR });
      span.end();
    },
  };
}

/**
 * Starts tracing with OpenTelemetry, which is loaded here and nowhere else: it costs half a second and 45 MB that nobody pays who does not
 * trace. Spans leave in batches in the background; a collector that is away loses spans, never requests.
 */
export async function startTracing({ endpoint, ratio, service, version }: TracingOptions): Promise<Tracing> {
  const api = await import('@opentelemetry/api');
  const sdk = await import('@opentelemetry/sdk-trace');
  const { resourceFromAttributes } = await import('@opentelemetry/resources');
  const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-http');
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/$/, '')}/v1/traces`, timeoutMillis });
  const provider = new sdk.TracerProvider({
    resource: resourceFromAttributes({ 'service.name': service, 'service.version': version }),
    sampler: new sdk.ParentBasedSampler({ root: new sdk.TraceIdRatioBasedSampler(ratio) }),
    spanProcessors: [new sdk.BatchSpanProcessor({ exporter })],
  });
  const tracer = provider.getTracer(service, version);
  return {
    begin: (name, header) => {
      const context = parentOf(api, validTraceparent(header));
      return traceOf(api, tracer, tracer.startSpan(name, { kind: api.SpanKind.SERVER }, context), context);
    },
    // It rejects when the collector is away, which must not keep the process from leaving.
    close: () => provider.shutdown().catch(() => {}),
  };
}
