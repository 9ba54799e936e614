/** How long a pod goes on answering after it has said that it leaves: until every proxy has taken it out of its list. */
export const prestopDelayMs = 5000;

/** Room between the last answer and the moment at which Kubernetes kills. */
const spareMs = 5000;

/** How long the service of a model waits for the requests that it holds: the longest timeout, and never less than its own default. */
export const graceMs = (timeoutMs: number): number => Math.max(25_000, timeoutMs);

/** terminationGracePeriodSeconds of a pod: pre-stop wait + longest wait for a request + 5 s, rounded up. */
export const terminationGraceS = (timeoutMs: number): number =>
  Math.ceil((prestopDelayMs + graceMs(timeoutMs) + spareMs) / 1000);
