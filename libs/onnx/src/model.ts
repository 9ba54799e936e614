/** Largest operator set version of one operator domain; the default domain `ai.onnx` is the empty string. */
export interface OpsetImport {
  domain: string;
  version: number;
}

/** Constant values. `opaque` keeps element types that we do not interpret, as the bytes of the whole TensorProto. */
export type Tensor =
  | { name: string; dims: readonly number[]; type: 'float32'; data: Float32Array }
  | { name: string; dims: readonly number[]; type: 'int64'; data: BigInt64Array }
  | { name: string; dims: readonly number[]; type: 'string'; data: readonly string[] }
  | { name: string; dims: readonly number[]; type: 'opaque'; bytes: Uint8Array };

/** An int64: a number while it is exact, a bigint beyond 2^53. */
export type Int64 = number | bigint;

/** A named constant of a node. `opaque` keeps kinds that we do not interpret (subgraphs, ...), as the bytes of the whole AttributeProto. */
export type Attribute =
  | { name: string; kind: 'float'; value: number }
  | { name: string; kind: 'int'; value: Int64 }
  | { name: string; kind: 'string'; value: string }
  | { name: string; kind: 'tensor'; value: Tensor }
  | { name: string; kind: 'floats'; value: Float32Array }
  | { name: string; kind: 'ints'; value: readonly Int64[] }
  | { name: string; kind: 'strings'; value: readonly string[] }
  | { name: string; kind: 'opaque'; bytes: Uint8Array };

/** One operator call; an empty input name means "not given". */
export interface Node {
  opType: string;
  domain: string;
  name: string;
  inputs: readonly string[];
  outputs: readonly string[];
  attributes: readonly Attribute[];
}

/** Element types of ONNX by their number in TensorProto.DataType. */
export const elementTypes = { float32: 1, int64: 7, string: 8, bool: 9, float64: 11 } as const;

/** A graph input or output. A dim is a length, or a symbol such as `N`, or `null` when nothing is known. */
export interface ValueInfo {
  name: string;
  /** Number in TensorProto.DataType, see {@link elementTypes}; 0 when the value is not a tensor. */
  elementType: number;
  /** `null` when the rank is not known. */
  dims: readonly (number | string | null)[] | null;
}

/** Nodes in topological order, with what goes in, what comes out and the constants. */
export interface Graph {
  name: string;
  nodes: readonly Node[];
  inputs: readonly ValueInfo[];
  outputs: readonly ValueInfo[];
  initializers: readonly Tensor[];
}

/** A whole ONNX file. Metadata is written in key order, so equal models have equal bytes. */
export interface Model {
  irVersion: number;
  producerName: string;
  opsets: readonly OpsetImport[];
  metadata: Readonly<Record<string, string>>;
  graph: Graph;
}
