import { describe, expect, it } from 'vitest';
import { type Cidr, overlap, parseCidr, showCidr, subBlock } from './cidr.ts';

const block = (text: string): Cidr => parseCidr(text) as Cidr;

describe('parseCidr', () => {
  it.each(['10.0.0.0/16', '0.0.0.0/0', '255.255.255.255/32', '203.0.113.0/24'])('reads %s', (text) => {
    expect(showCidr(block(text))).toBe(text);
  });
  it.each(['10.0.0.1/16', '10.0.0.0', '10.0.0.0/33', '256.0.0.0/8', '10.0.0/8', '::/0', '10.0.0.0/-1', ' 10.0.0.0/8'])(
    'refuses %s',
    (text) => {
      expect(parseCidr(text)).toBeNull();
    },
  );
});

it('cuts a block into equal ones, and into no more than there are', () => {
  expect(showCidr(subBlock(block('10.10.0.0/16'), 18, 3))).toBe('10.10.192.0/18');
  expect(() => subBlock(block('10.10.0.0/16'), 18, 4)).toThrow(RangeError);
  expect(() => subBlock(block('10.10.0.0/16'), 15, 0)).toThrow(RangeError);
});

it('tells whether blocks share an address, whichever is the wider', () => {
  expect(overlap(block('10.0.0.0/8'), block('10.200.0.0/16'))).toBe(true);
  expect(overlap(block('10.200.0.0/16'), block('10.0.0.0/8'))).toBe(true);
  expect(overlap(block('10.10.0.0/16'), block('10.11.0.0/16'))).toBe(false);
});
