import { show } from '@repo/contract/input-error';
import type { InferRequest, TensorMetadata } from '@repo/contract/protocol';
import { ServiceError } from '@repo/contract/service-error';

/** What a request asks for besides its inputs. */
export interface Wanted {
  readonly outputs: readonly string[];
  readonly binaryOutputs: ReadonlySet<string>;
  readonly timeoutMs: number | undefined;
}

type Parameters = Readonly<Record<string, unknown>> | null | undefined;

/** Parameters that ask for an extension which the service does not have. Left unanswered, they would change what the answer means. */
const unsupported = {
  request: ['sequence_id', 'sequence_start', 'sequence_end'],
  output: ['classification', 'shared_memory_region'],
} as const;

function checkSupported(parameters: Parameters, names: readonly string[], path: string): void {
  if (parameters === undefined || parameters === null) return;
  for (const name of names) {
    const value = parameters[name];
    // The clients write these values for "not used".
    if (value === undefined || value === null || value === 0 || value === '' || value === false) continue;
    throw new ServiceError('unsupported_extension', { path: `${path}.parameters.${name}`, received: show(value) });
  }
}

/** Microseconds, as the protocol's clients have it; 0 is their word for none. */
function readTimeout(parameters: Parameters): number | undefined {
  const timeout = parameters?.timeout;
  if (timeout === undefined || timeout === null || timeout === 0) return undefined;
  if (typeof timeout === 'number' && timeout > 0) return timeout / 1000;
  const allowed = 'microseconds, above 0';
  throw new ServiceError('invalid_request', { path: 'request.parameters.timeout', received: show(timeout), allowed });
}

function readBoolean(parameters: Parameters, name: string, otherwise: boolean, path: string): boolean {
  const value = parameters?.[name];
  if (value === undefined || value === null) return otherwise;
  if (typeof value === 'boolean') return value;
  const [received, allowed] = [show(value), 'true or false'];
  throw new ServiceError('invalid_request', { path: `${path}.parameters.${name}`, received, allowed });
}

const none: ReadonlySet<string> = new Set();

/** The outputs that a request wants and how, and its timeout. Throws ServiceError unknown_output, invalid_request or unsupported_extension. */
export function readWanted(
  { outputs }: { readonly outputs: readonly TensorMetadata[] },
  { parameters, outputs: asked }: InferRequest,
): Wanted {
  const all = outputs.map(({ name }) => name);
  checkSupported(parameters, unsupported.request, 'request');
  const timeoutMs = readTimeout(parameters);
  const byDefault = readBoolean(parameters, 'binary_data_output', false, 'request');
  if (asked === undefined || asked === null || asked.length === 0) {
    return { outputs: all, binaryOutputs: byDefault ? new Set(all) : none, timeoutMs };
  }
  const names = new Set<string>();
  const binaryOutputs = new Set<string>();
  asked.forEach((output, i) => {
    const path = `request.outputs[${i}]`;
    const { name } = output;
    if (!all.includes(name)) {
      throw new ServiceError('unknown_output', { path: `${path}.name`, received: show(name), allowed: all.join(', ') });
    }
    if (names.has(name)) {
      const received = `${show(name)} again`;
      throw new ServiceError('invalid_request', { path: `${path}.name`, received, allowed: 'each output once' });
    }
    names.add(name);
    checkSupported(output.parameters, unsupported.output, path);
    if (readBoolean(output.parameters, 'binary_data', byDefault, path)) binaryOutputs.add(name);
  });
  return { outputs: [...names], binaryOutputs, timeoutMs };
}
