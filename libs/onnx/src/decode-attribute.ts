import { decodeTensor, joinFloats } from './decode-tensor.ts';
import { attributeTypes } from './encode-attribute.ts';
import type { Attribute, Int64, Tensor } from './model.ts';
import { pushInts, readFields, readFloats, readMessage, readNumber, readString, toInt64 } from './wire-reader.ts';

/** An AttributeProto from its bytes. Files older than IR version 2 may leave the type out; it is then taken from the field that is set. */
export function decodeAttribute(bytes: Uint8Array): Attribute {
  let name = '';
  let type = 0;
  let seen = 0;
  let float = 0;
  let int: Int64 = 0;
  let string: Uint8Array = new Uint8Array(0);
  let tensor: Tensor | null = null;
  const floats: Float32Array[] = [];
  const ints: Int64[] = [];
  const strings: Uint8Array[] = [];
  for (const field of readFields(bytes)) {
    if (field.number === 1) name = readString(field);
    else if (field.number === 20) type = readNumber(field);
    else if (field.number <= 11) seen = field.number - 1;
    if (field.number === 2) float = readFloats(field)[0] ?? 0;
    else if (field.number === 3) int = toInt64(field.value);
    else if (field.number === 4) string = readMessage(field);
    else if (field.number === 5) tensor = decodeTensor(readMessage(field));
    else if (field.number === 7) floats.push(readFloats(field));
    else if (field.number === 8) pushInts(ints, field);
    else if (field.number === 9) strings.push(readMessage(field));
  }
  // Bytes that are not UTF-8 are legal here (embedded blobs): such an attribute stays opaque.
  switch (type || seen) {
    case attributeTypes.float:
      return { name, kind: 'float', value: float };
    case attributeTypes.int:
      return { name, kind: 'int', value: int };
    case attributeTypes.string:
      return isText(string) ? { name, kind: 'string', value: text(string) } : { name, kind: 'opaque', bytes };
    case attributeTypes.floats:
      return { name, kind: 'floats', value: joinFloats(floats) };
    case attributeTypes.ints:
      return { name, kind: 'ints', value: ints };
    case attributeTypes.strings:
      return strings.every(isText)
        ? { name, kind: 'strings', value: strings.map(text) }
        : { name, kind: 'opaque', bytes };
    case attributeTypes.tensor:
      return tensor ? { name, kind: 'tensor', value: tensor } : { name, kind: 'opaque', bytes };
    default:
      return { name, kind: 'opaque', bytes };
  }
}

function isText(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
