import { resourceKey } from '@repo/components/policies/declared-resource';
import { computedOutputs, idOf } from './computed-outputs.ts';
import type { Rendered, RenderedInvoke, RenderedResource } from './rendered.ts';
import { secret, unwrap, type Wire } from './unwrap.ts';

/** A registration as the program sends it. */
export interface Registration {
  readonly type: string;
  readonly name: string;
  /** URN, empty for none. */
  readonly parent: string;
  /** Of a provider's own resources; a component has neither id nor outputs of its own. */
  readonly custom: boolean;
  readonly inputs: Wire;
  /** URN and id in one, empty for none. */
  readonly provider: string;
  readonly options: Readonly<Record<string, unknown>>;
  /** Names of outputs that are secrets besides those that come from secret inputs. */
  readonly secretOutputs: readonly string[];
}

/** What the engine answers to a registration. */
export interface Registered {
  readonly urn: string;
  readonly id: string;
  readonly outputs: Record<string, Wire>;
}

const stackType = 'pulumi:pulumi:Stack';
const typesOf = (urn: string): string => urn.split('::')[2] ?? '';
const nameOf = (urn: string): string => urn.split('::')[3] ?? '';
const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Keeps what one program says while it runs, and answers as an engine that has created everything at once. */
export class Recording {
  readonly #program: string;
  readonly #stack: string;
  readonly #resources = new Map<string, RenderedResource>();
  readonly #invokes: RenderedInvoke[] = [];
  #outputs: Wire = {};

  constructor(program: string, stack: string) {
    this.#program = program;
    this.#stack = stack;
  }

  /** The name that nothing else in the stack has: types of all parents, own type and name. */
  urnOf(type: string, name: string, parent: string): string {
    const parents = parent === '' || typesOf(parent) === stackType ? '' : `${typesOf(parent)}$`;
    return `urn:pulumi:${this.#stack}::${this.#program}::${parents}${type}::${name}`;
  }

  /** Throws Error for a second resource of the same URN, as the engine does. */
  register(one: Registration): Registered {
    const { type, name, parent } = one;
    const urn = this.urnOf(type, name, parent);
    if (type === stackType) return { urn, id: '', outputs: {} };
    if (this.#resources.has(urn)) throw new Error(`Duplicate resource URN '${urn}'; try giving it a unique name`);
    const { value, secrets } = unwrap(one.inputs);
    const inputs = value as Record<string, unknown>;
    const computed = one.custom ? computedOutputs(type, name, inputs) : {};
    const id = one.custom ? idOf(type, name, { ...inputs, ...computed }) : '';
    this.#resources.set(urn, {
      type,
      name,
      id,
      parent: parent === '' || typesOf(parent) === stackType ? null : this.#keyOf(parent),
      inputs,
      secrets,
      urn,
      provider: one.provider === '' ? null : nameOf(one.provider),
      options: one.options,
    });
    if (!one.custom) return { urn, id, outputs: {} };
    const outputs = { ...(one.inputs as Record<string, Wire>), ...computed };
    for (const output of one.secretOutputs) if (output in outputs) outputs[output] = secret(outputs[output]);
    return { urn, id, outputs };
  }

  /** Keeps the outputs of the program; those of components are theirs alone. */
  registerOutputs(urn: string, outputs: Wire): void {
    if (typesOf(urn) === stackType) this.#outputs = outputs;
  }

  invoked(token: string, args: Wire): Record<string, unknown> {
    const plain = unwrap(args).value as Record<string, unknown>;
    this.#invokes.push({ token, args: plain });
    return plain;
  }

  finish(): Rendered {
    const { value, secrets } = unwrap(this.#outputs);
    const resources = [...this.#resources.values()].sort(
      (a, b) => byText(resourceKey(a), resourceKey(b)) || byText(a.urn, b.urn),
    );
    return {
      program: this.#program,
      stack: this.#stack,
      resources,
      outputs: value as Record<string, unknown>,
      secretOutputs: [...new Set(secrets.map((path) => path.replace(/[.[].*$/, '')))].sort(),
      invokes: this.#invokes.toSorted((a, b) => byText(JSON.stringify(a), JSON.stringify(b))),
    };
  }

  #keyOf(urn: string): string {
    const parent = this.#resources.get(urn);
    return parent === undefined ? nameOf(urn) : resourceKey(parent);
  }
}
