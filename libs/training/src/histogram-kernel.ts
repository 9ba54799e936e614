import { histogramStride } from './boosting-state.ts';

/**
 * Adds the derivatives of rows to a histogram. All arguments are byte addresses in the module's memory:
 * `from` and `to` bound the row numbers (uint32), `derivatives` holds two float64 per row, `bins` one byte per feature and row.
 */
export type HistogramKernel = (from: number, to: number, derivatives: number, bins: number, histogram: number) => void;

// Opcodes of the WebAssembly 2.0 binary format (sections 5.4.6 memory, 5.4.7 numeric, 5.4.8 vector instructions).
const op = {
  loop: 0x03,
  end: 0x0b,
  branchIf: 0x0d,
  get: 0x20,
  set: 0x21,
  tee: 0x22,
  load: 0x28,
  loadByte: 0x2d,
  constant: 0x41,
  lessUnsigned: 0x49,
  add: 0x6a,
  multiply: 0x6c,
  shiftLeft: 0x74,
} as const;
const vectorLoad = [0xfd, 0x00];
const vectorStore = [0xfd, 0x0b];
const vectorAddFloat64 = [0xfd, 0xf0, 0x01];
const type = { function: 0x60, int32: 0x7f, vector: 0x7b, void: 0x40 } as const;

/** Locals: the five parameters, then row number or address (int32), row of bins (int32), derivatives of the row (vector). */
const local = { from: 0, to: 1, derivatives: 2, bins: 3, histogram: 4, place: 5, row: 6, pair: 7 } as const;

/** Unsigned LEB128. */
function unsigned(value: number): number[] {
  const out: number[] = [];
  for (; value >= 128; value = Math.floor(value / 128)) out.push((value % 128) + 128);
  return [...out, value];
}

/** An int32 constant, signed LEB128. */
function constant(value: number): number[] {
  const out: number[] = [op.constant];
  for (; value >= 64; value = Math.floor(value / 128)) out.push((value % 128) + 128);
  return [...out, value];
}

const sized = (bytes: readonly number[]): number[] => [...unsigned(bytes.length), ...bytes];
const section = (id: number, bytes: readonly number[]): number[] => [id, ...sized(bytes)];
const name = (text: string): number[] => sized([...new TextEncoder().encode(text)]);

/** Adds the pair of derivatives to the row's bin of one feature; offsets are part of the instructions, so nothing is counted up. */
function addFeature(feature: number): number[] {
  const offset = unsigned(feature * histogramStride * 8);
  return [
    ...[op.get, local.row, op.loadByte, 0, ...unsigned(feature)],
    ...[...constant(4), op.shiftLeft, op.get, local.histogram, op.add, op.tee, local.place],
    ...[op.get, local.place, ...vectorLoad, 3, ...offset, op.get, local.pair, ...vectorAddFloat64],
    ...[...vectorStore, 3, ...offset],
  ];
}

function code(features: number): number[] {
  const loadPair = [
    op.get,
    local.place,
    ...constant(4),
    op.shiftLeft,
    op.get,
    local.derivatives,
    op.add,
    ...vectorLoad,
    3,
    0,
  ];
  const body = [
    ...[op.loop, type.void],
    ...[op.get, local.from, op.load, 2, 0, op.tee, local.place],
    ...[...constant(features), op.multiply, op.get, local.bins, op.add, op.set, local.row],
    ...[...loadPair, op.set, local.pair],
    ...Array.from({ length: features }, (_, feature) => addFeature(feature)).flat(),
    ...[
      op.get,
      local.from,
      ...constant(4),
      op.add,
      op.tee,
      local.from,
      op.get,
      local.to,
      op.lessUnsigned,
      op.branchIf,
      0,
    ],
    ...[op.end, op.end],
  ];
  return [2, 2, type.int32, 1, type.vector, ...body];
}

/**
 * Compiles the innermost loop of training for a feature count: gradient and weight are added as one vector, without bounds checks,
 * in less than half the time of the same loop in JavaScript. The sums are the same bit for bit.
 */
export function createHistogramKernel(memory: WebAssembly.Memory, features: number): HistogramKernel {
  const pages = unsigned(65_536);
  const bytes = [
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, type.function, 5, ...new Array<number>(5).fill(type.int32), 0]),
    ...section(2, [1, ...name('e'), ...name('memory'), 2, 3, ...unsigned(1), ...pages]),
    ...section(3, [1, 0]),
    ...section(7, [1, ...name('add'), 0, 0]),
    ...section(10, [1, ...sized(code(features))]),
  ];
  const instance = new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.from(bytes)), { e: { memory } });
  return instance.exports.add as HistogramKernel;
}
