import { deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';

/** Columns of the model `example`. */
const columns = 5;

const datatypes = ['FP32', 'FP64', 'INT64', 'UINT8', 'BOOL', 'BYTES', 'FP16', 'BF16', 'fp32', ''];

/** Sizes that overflow, vanish, turn negative or are no sizes. */
const size: fc.Arbitrary<unknown> = fc.oneof(
  fc.integer({ min: -2, max: 9 }),
  fc.constantFrom(2 ** 31, 2 ** 32, 2 ** 53, -(2 ** 53), 1e308, 0.5, null, '5', true),
);
const shape = fc.oneof(
  { arbitrary: fc.constantFrom([1, columns], [2, columns]), weight: 2 },
  { arbitrary: fc.array(size, { maxLength: 6 }), weight: 3 },
  { arbitrary: fc.constantFrom([2 ** 31, 2 ** 31, 2 ** 31], [0, columns], [], Array(200).fill(1)), weight: 1 },
);
const element: fc.Arbitrary<unknown> = fc.oneof(
  fc.double(),
  fc.integer(),
  fc.constantFrom(null, true, 'text', 1e39, -0, 2 ** 63, {}, []),
);
const data: fc.Arbitrary<unknown> = fc.oneof(
  fc.array(element, { maxLength: 12 }),
  fc.array(fc.array(element, { maxLength: 6 }), { maxLength: 4 }),
  fc.constantFrom(undefined, null, 'data', 5, {}),
);
const parameters: fc.Arbitrary<unknown> = fc.oneof(
  fc.constant(undefined),
  fc.record({ binary_data_size: size }),
  fc.record({ binary_data: fc.constantFrom(true, false, 1, 'yes') }),
  fc.record({ timeout: fc.constantFrom(0, 1, -1, 1e15, 'soon', null, 5_000_000) }),
  fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 3 }),
  fc.constantFrom(null, [], 'p'),
);
const name = fc.oneof(
  { arbitrary: fc.constant('features'), weight: 4 },
  { arbitrary: fc.constantFrom('', '__proto__', 'constructor', 'raw', 'probability'), weight: 1 },
  { arbitrary: fc.string(), weight: 1 },
);
const tensor = fc.record({ name, datatype: fc.constantFrom(...datatypes), shape, parameters, data });

/** Bodies that have the form of an inference request with anything in its places; keys may be missing, inputs double. */
export const inferBody: fc.Arbitrary<string> = fc
  .record(
    {
      id: fc.oneof(fc.string(), fc.constantFrom(null, 7, 'x'.repeat(300))),
      parameters,
      inputs: fc.oneof(fc.array(tensor, { maxLength: 3 }), fc.constantFrom(null, {}, 'inputs')),
      outputs: fc.oneof(
        fc.constant(undefined),
        fc.array(fc.record({ name, parameters }), { maxLength: 3 }),
        fc.constant('all'),
      ),
    },
    { requiredKeys: [] },
  )
  .map((body) => JSON.stringify(body));

/** The same for a prediction. */
export const predictBody: fc.Arbitrary<string> = fc
  .dictionary(fc.constantFrom('scheduled_at', 'carrier', 'dest', 'seats', '__proto__', 'more'), fc.jsonValue())
  .map((body) => JSON.stringify({ scheduled_at: '2013-06-01T12:00:00Z', carrier: 'UA', dest: 'IAH', ...body }));

const good = { inputs: [{ name: 'features', datatype: 'FP32', shape: [1, columns], data: [1, 2, 3, 4, 5] }] };
export const goodBody: string = JSON.stringify(good);

/** A good body of which some bytes are changed, left out or doubled: mostly no JSON, often no UTF-8. */
export const brokenBody: fc.Arbitrary<Buffer> = fc
  .array(fc.record({ at: fc.nat(goodBody.length - 1), byte: fc.nat(255), how: fc.constantFrom('set', 'cut', 'add') }), {
    minLength: 1,
    maxLength: 5,
  })
  .map((edits) => {
    const bytes = [...Buffer.from(goodBody)];
    for (const { at, byte, how } of edits) bytes.splice(at, how === 'add' ? 0 : 1, ...(how === 'cut' ? [] : [byte]));
    return Buffer.from(bytes);
  });

/** Nesting from harmless to far beyond what a stack holds, of arrays or objects, closed or left open, alone or inside a request. */
export const deepBody: fc.Arbitrary<string> = fc
  .record({
    depth: fc.integer({ min: 1, max: 50_000 }),
    object: fc.boolean(),
    closed: fc.boolean(),
    inside: fc.boolean(),
  })
  .map(({ depth, object, closed, inside }) => {
    const open = (object ? '{"a":' : '[').repeat(depth);
    const text = `${open}1${closed ? (object ? '}' : ']').repeat(depth) : ''}`;
    return inside ? goodBody.replace('[1,2,3,4,5]', text) : text;
  });

/** Keys that stand twice in an object, which JSON allows. */
export const doubleKeys: fc.Arbitrary<string> = fc
  .constantFrom('"name":"features"', '"shape":[1,5]', '"datatype":"FP32"', '"data":[1,2,3,4,5]')
  .map((pair) => goodBody.replace(pair, `${pair},${pair.split(':')[0]}:null,${pair}`));

const bomb = { gzip: gzipSync(Buffer.alloc(16 * 2 ** 20)), deflate: deflateSync(Buffer.alloc(16 * 2 ** 20)) };

/** Packed bodies: whole, cut short, bent, not packed at all, or of 16 MiB of zeros. */
export const packedBody: fc.Arbitrary<{ encoding: string; body: Buffer }> = fc
  .record({
    encoding: fc.constantFrom('gzip', 'deflate', 'GZIP', 'br', 'gzip, gzip', 'zstd', '', 'identity'),
    packing: fc.constantFrom('gzip', 'deflate', 'none', 'bomb'),
    cut: fc.nat(60),
    bend: fc.option(fc.nat(40)),
  })
  .map(({ encoding, packing, cut, bend }) => {
    const plain = Buffer.from(goodBody);
    if (packing === 'bomb') return { encoding, body: encoding === 'deflate' ? bomb.deflate : bomb.gzip };
    const whole = packing === 'gzip' ? gzipSync(plain) : packing === 'deflate' ? deflateSync(plain) : plain;
    const body = Buffer.from(whole.subarray(0, Math.max(0, whole.length - Math.max(0, cut - 30))));
    if (bend !== null && bend < body.length) body[bend] = (body[bend] as number) ^ 0xff;
    return { encoding, body };
  });

/** Binary requests: a header length that may lie, tensors that may be too short or too long, a JSON part that may not fit them. */
export const binaryBody: fc.Arbitrary<{ length: string; body: Buffer }> = fc
  .record({
    announced: fc.oneof(fc.constant(20), size),
    given: fc.integer({ min: 0, max: 48 }),
    lie: fc.oneof(
      { arbitrary: fc.constant(null), weight: 3 },
      { arbitrary: fc.constantFrom('-1', '0', '1', '99999999999', '1e2', ' 5', '0x10', '', 'all', '5, 5'), weight: 2 },
    ),
    shape,
    datatype: fc.constantFrom('FP32', 'BYTES', 'INT64', 'FP16'),
    both: fc.boolean(),
  })
  .map(({ announced, given, lie, shape: of, datatype, both }) => {
    const input = { name: 'features', datatype, shape: of, parameters: { binary_data_size: announced } };
    const json = Buffer.from(JSON.stringify({ inputs: [both ? { ...input, data: [1] } : input] }));
    return { length: lie ?? String(json.length), body: Buffer.concat([json, Buffer.alloc(given, 0x3f)]) };
  });
