import { z } from 'zod';
import { type Cidr, overlap, parseCidr } from './cidr.ts';

const known = (text: string): Cidr => parseCidr(text) as Cidr;

/** Blocks for private networks, RFC 1918. */
const privateBlocks = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'].map(known);

/** Addresses of Kubernetes services, which exist only within a cluster; no network may hold them. */
export const serviceCidr = '172.20.0.0/16';

/** Widest block that may reach a production cluster's endpoint: the addresses of an office or a network, not of a country. */
const leastPublicPrefix = 16;

const fail = (context: z.core.$RefinementCtx<string>, allowed: string, action: string): void =>
  context.addIssue({ code: 'custom', message: allowed, params: { allowed, action } });

/** A block of IPv4 addresses, such as 203.0.113.0/24, by its first address. */
export const cidrSchema = z.string().superRefine((text, context) => {
  if (parseCidr(text) === null) fail(context, 'a block by its first address, such as 203.0.113.0/24', 'correct it');
});

/** The block of a network: private, of 4,096 to 65,536 addresses, clear of the services' of Kubernetes. */
export const networkCidrSchema = z.string().superRefine((text, context) => {
  const block = parseCidr(text);
  const isPrivate =
    block !== null && privateBlocks.some((outer) => overlap(outer, block) && outer.prefix <= block.prefix);
  if (block === null || !isPrivate || block.prefix < 16 || block.prefix > 20)
    fail(context, 'a private block of /16 to /20 by its first address, such as 10.10.0.0/16', 'correct it');
  else if (overlap(block, known(serviceCidr)))
    fail(context, `a block without addresses of ${serviceCidr}, which Kubernetes gives to services`, 'take another');
});

/** Whether a block may reach the endpoint of a production cluster: not the whole internet, nor half of it. */
export function isNarrow(text: string): boolean {
  const block = parseCidr(text);
  return block !== null && block.prefix >= leastPublicPrefix;
}
