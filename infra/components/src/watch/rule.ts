/** Who hears of an alert: `page` wakes somebody, because callers lose answers now; a `ticket` waits for the morning. */
export const Severity = { page: 'page', ticket: 'ticket' } as const;
export type Severity = (typeof Severity)[keyof typeof Severity];

/** An alert as Prometheus reads it. */
export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly labels: { readonly severity: Severity } & Readonly<Record<string, string>>;
  readonly annotations: { readonly summary: string; readonly runbook_url: string };
}

/** A query that Prometheus answers ahead of time, under a name of its own. */
export interface RecordingRule {
  readonly record: string;
  readonly expr: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Rules that are evaluated one after the other, so that alerts see what was just recorded. */
export interface RuleGroup {
  readonly name: string;
  readonly rules: readonly (AlertRule | RecordingRule)[];
}

/** An alert before it belongs to a model: what is wrong, when, who hears of it, and what to do. */
export interface Alert {
  readonly name: string;
  readonly expr: string;
  /** How long it must hold, as Prometheus writes durations. */
  readonly holds: string;
  readonly severity: Severity;
  /** For whoever is paged: one sentence. Prometheus fills in `{{ $labels.x }}` and `{{ $value }}`. */
  readonly summary: string;
  /** File of docs/runbooks/, without its ending. */
  readonly runbook: string;
  /** Name of the objective whose budget burns: a page about it silences its ticket. Default: none. */
  readonly slo?: string;
}

/** Where runbooks lie: the folder of this repository, or its address on the web so that an alert can be clicked. */
export const runbookFolder = 'docs/runbooks';

/** The alert as a rule, with these labels beside its severity. `runbooks` is where the runbooks lie; see {@link runbookFolder}. */
export function alertRule(alert: Alert, labels: Readonly<Record<string, string>>, runbooks = runbookFolder): AlertRule {
  const { name, expr, holds, severity, summary, runbook, slo } = alert;
  return {
    alert: name,
    expr,
    for: holds,
    labels: { severity, ...labels, ...(slo === undefined ? {} : { slo }) },
    annotations: { summary, runbook_url: `${runbooks}/${runbook}.md` },
  };
}
