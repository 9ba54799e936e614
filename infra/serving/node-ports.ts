import { sha256 } from '@repo/contract/canonical-json';
import { InputError } from '@repo/contract/input-error';

/** Ports of a node that Kubernetes gives to services. */
const [first, last] = [30_000, 32_767] as const;

/** Where a model answers unless a row says otherwise: from its name alone, so that no other model ever moves it. */
const portOf = (model: string): number =>
  first + (Number.parseInt(sha256(model).replace('sha256:', '').slice(0, 8), 16) % (last - first + 1));

/**
 * Port of every node for each model: that of its row, otherwise one derived from its name. Rows of models that are not served count for
 * nothing. Throws InputError when two models would share a port.
 */
export function nodePorts(models: readonly string[], rows: Readonly<Record<string, number>>): Map<string, number> {
  const ports = new Map(models.map((model) => [model, rows[model] ?? portOf(model)]));
  for (const [port, shared] of Map.groupBy(models, (model) => ports.get(model))) {
    if (shared.length === 1) continue;
    throw new InputError({
      path: 'serving:nodePorts',
      received: `${shared.join(' and ')} at port ${port}`,
      allowed: 'a port of its own for each model',
      action: `give the one that is not served yet a row, such as ${shared.at(-1)}: a free port from ${first} to ${last}`,
    });
  }
  return ports;
}
