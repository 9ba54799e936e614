/** What the program monitoring promises to the others. */
export interface MonitoringOutputs {
  readonly namespace: string;
  /** Where the pods run that read metrics. */
  readonly prometheusNamespace: string;
  /** Of the Prometheus in the cluster. Null: it has none, as on the stack local. */
  readonly prometheusUrl: string | null;
}
