import { encodeTensor } from './encode-tensor.ts';
import type { Attribute } from './model.ts';
import { bytesField, concat, floatBytes, floatField, intField, packedIntField, stringField } from './wire-writer.ts';

/** AttributeProto.AttributeType by our name for it. */
export const attributeTypes = { float: 1, int: 2, string: 3, tensor: 4, floats: 6, ints: 7, strings: 8 } as const;

/** Bytes of an AttributeProto. */
export function encodeAttribute(attribute: Attribute): Uint8Array {
  if (attribute.kind === 'opaque') return attribute.bytes;
  return concat([
    stringField(1, attribute.name),
    ...encodeValue(attribute),
    intField(20, attributeTypes[attribute.kind]),
  ]);
}

function encodeValue(attribute: Exclude<Attribute, { kind: 'opaque' }>): Uint8Array[] {
  switch (attribute.kind) {
    case 'float':
      return [floatField(2, attribute.value)];
    case 'int':
      return [intField(3, attribute.value)];
    case 'string':
      return [stringField(4, attribute.value)];
    case 'tensor':
      return [bytesField(5, encodeTensor(attribute.value))];
    case 'floats':
      return [bytesField(7, floatBytes(attribute.value))];
    case 'ints':
      return [packedIntField(8, attribute.value)];
    case 'strings':
      return attribute.value.map((text) => stringField(9, text));
  }
}
