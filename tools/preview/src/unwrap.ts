/** What stands under the key that marks a value as more than JSON, in the protocol between a program and the engine. */
const signatureKey = '4dabf18193072939515e22adb298388d';
const signatures = {
  secret: '1b47061264138c4ac30d75fd1eb44270',
  resource: '5cf8f73096256a8f31e491e813e4eb8e',
  output: 'd0e6a833031e9bbcd3f4e8bde6ca49a4',
  asset: 'c44067f5952c0a294b673a41bacd8c17',
  archive: '0def7320c3a5731c473e5ecbe6d01bc7',
} as const;

/** What a preview writes for a value that only comes to be with the resource. */
const unknownValue = '04da6b54-80e4-46f7-96ec-b56ff0331ba9';
/** What stands for such a value here. */
const unknown = '[unknown]';

/** A value as it travels: JSON in which some objects carry a signature. */
export type Wire = unknown;

/** A value without signatures, and where in it secrets stand. */
export interface Unwrapped {
  readonly value: unknown;
  /** Paths such as `spec.data[0]`; the empty path is the whole. */
  readonly secrets: readonly string[];
}

/** Marks a value as a secret, for the program that reads it. */
export const secret = (value: Wire): Wire => ({ [signatureKey]: signatures.secret, value });

const join = (path: string, key: string): string => (path === '' ? key : `${path}.${key}`);

function unwrapSigned(value: Record<string, unknown>, path: string, secrets: string[]): unknown {
  switch (value[signatureKey]) {
    case signatures.secret:
      secrets.push(path);
      return visit(value.value, path, secrets);
    case signatures.output:
      if (value.secret === true) secrets.push(path);
      return visit(value.value, path, secrets);
    case signatures.resource:
      return value.id ?? value.urn;
    case signatures.asset:
    case signatures.archive: {
      const { [signatureKey]: _, ...rest } = value;
      return visit(rest, path, secrets);
    }
    default:
      throw new Error(`a value at ${path} is signed ${String(value[signatureKey])}, which this engine does not know`);
  }
}

function visit(value: Wire, path: string, secrets: string[]): unknown {
  if (Array.isArray(value)) return value.map((item, i) => visit(item, `${path}[${i}]`, secrets));
  if (value === unknownValue) return unknown;
  if (value === null || typeof value !== 'object') return value;
  const object = value as Record<string, unknown>;
  if (signatureKey in object) return unwrapSigned(object, path, secrets);
  return Object.fromEntries(Object.entries(object).map(([key, item]) => [key, visit(item, join(path, key), secrets)]));
}

/** Takes the signatures off. Secrets are answered in the clear and listed; a reference to a resource becomes its id. */
export function unwrap(value: Wire): Unwrapped {
  const secrets: string[] = [];
  const plain = visit(value, '', secrets);
  return { value: plain, secrets: [...new Set(secrets)] };
}
