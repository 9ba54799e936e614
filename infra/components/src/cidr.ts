/** A block of IPv4 addresses: the first as a number, and how many leading bits they share. */
export interface Cidr {
  readonly first: number;
  readonly prefix: number;
}

const sizeOf = (prefix: number): number => 2 ** (32 - prefix);

/** Reads `10.0.0.0/16`; null when it is none, or when its address is not the first of the block, which AWS would refuse or move. */
export function parseCidr(text: string): Cidr | null {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text);
  if (match === null) return null;
  const [, a = 0, b = 0, c = 0, d = 0, prefix = 0] = match.map(Number);
  if (Math.max(a, b, c, d) > 255 || prefix > 32) return null;
  const first = ((a * 256 + b) * 256 + c) * 256 + d;
  return first % sizeOf(prefix) === 0 ? { first, prefix } : null;
}

/** `10.0.0.0/16` */
export function showCidr({ first, prefix }: Cidr): string {
  const bytes = [2 ** 24, 2 ** 16, 2 ** 8, 1].map((unit) => Math.floor(first / unit) % 256);
  return `${bytes.join('.')}/${prefix}`;
}

/** The `index`-th of the equal blocks of `prefix` that a block is cut into, from 0. Throws RangeError where there is none. */
export function subBlock({ first, prefix: outer }: Cidr, prefix: number, index: number): Cidr {
  if (prefix < outer || prefix > 32 || index < 0 || index >= 2 ** (prefix - outer))
    throw new RangeError(`a /${outer} has no block ${index} of /${prefix}`);
  return { first: first + index * sizeOf(prefix), prefix };
}

/** Whether two blocks share an address. */
export const overlap = (one: Cidr, other: Cidr): boolean =>
  one.first < other.first + sizeOf(other.prefix) && other.first < one.first + sizeOf(one.prefix);
