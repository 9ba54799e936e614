import { InputError, show } from '@repo/contract/input-error';
import { parseCidr, showCidr, subBlock } from './cidr.ts';

/** One subnet of a network. */
export interface Subnet {
  /** `private-a`: what it is called after the network. */
  readonly name: string;
  readonly zone: string;
  readonly cidr: string;
  /** Whether it is reached from outside; load balancers and NAT gateways lie there, and nothing else. */
  readonly isPublic: boolean;
}

/** Zones that a network spans: what survives the loss of one with two left. */
const zoneCount = 3;

/**
 * The subnets of a network as rows. Pods get addresses of private subnets, so each zone's takes a quarter of the block: 16,384 of a
 * /16; the public ones are sixteenths of the last quarter, and the last sixteenth stays free. Throws InputError for a malformed block.
 */
export function subnetRows(cidr: string, zones: readonly string[]): readonly Subnet[] {
  const block = parseCidr(cidr);
  if (block === null || zones.length !== zoneCount) {
    const allowed = `a block such as 10.10.0.0/16 and ${zoneCount} zones`;
    throw new InputError({ path: 'network', received: `${show(cidr)} ${show(zones)}`, allowed, action: 'correct it' });
  }
  const row = (kind: 'private' | 'public', prefix: number, from: number) => (zone: string, index: number) => ({
    name: `${kind}-${zone.slice(-1)}`,
    zone,
    cidr: showCidr(subBlock(block, prefix, from + index)),
    isPublic: kind === 'public',
  });
  return [...zones.map(row('private', block.prefix + 2, 0)), ...zones.map(row('public', block.prefix + 4, 12))];
}
