import { expect, it } from 'vitest';
import { type Cidr, overlap, parseCidr } from './cidr.ts';
import { subnetRows } from './subnets.ts';

const zones = ['eu-central-1a', 'eu-central-1b', 'eu-central-1c'];

it('gives each zone a quarter for pods and a sixteenth for what is public', () => {
  expect(subnetRows('10.10.0.0/16', zones).map(({ name, cidr, isPublic }) => [name, cidr, isPublic])).toEqual([
    ['private-a', '10.10.0.0/18', false],
    ['private-b', '10.10.64.0/18', false],
    ['private-c', '10.10.128.0/18', false],
    ['public-a', '10.10.192.0/20', true],
    ['public-b', '10.10.208.0/20', true],
    ['public-c', '10.10.224.0/20', true],
  ]);
});

it.each([16, 17, 18, 19, 20])('keeps the subnets of a /%i apart and within it', (prefix) => {
  const outer = parseCidr(`10.32.0.0/${prefix}`) as Cidr;
  const blocks = subnetRows(`10.32.0.0/${prefix}`, zones).map(({ cidr }) => parseCidr(cidr) as Cidr);
  for (const [i, one] of blocks.entries()) {
    expect(overlap(outer, one) && one.prefix > outer.prefix).toBe(true);
    for (const other of blocks.slice(i + 1)) expect(overlap(one, other)).toBe(false);
  }
});

it('refuses a malformed block and another number of zones', () => {
  expect(() => subnetRows('10.10.0.1/16', zones)).toThrow('10.10.0.1/16');
  expect(() => subnetRows('10.10.0.0/16', zones.slice(1))).toThrow('3 zones');
});
