import type { GateCheck } from '@repo/contract/gate-report';
import { decodeModel } from '@repo/onnx/decode-model';
import { externalTensors } from '@repo/onnx/external-tensors';
import { elementTypes, type Model, type ValueInfo } from '@repo/onnx/model';
import { factCheck } from './fact-check.ts';

/** What the graph of a file must look like from outside. */
export interface OnnxFileOptions {
  /** Name of the file in the bundle. */
  file: string;
  bytes: Uint8Array;
  /** Model that the bundle belongs to. */
  model: string;
  input: { name: string; width: number };
  /** A float32 column; outputs besides it are free. */
  output: string;
}

/** Operator sets that the service's runtime executes and that our reader knows: first and last version by domain. */
const operatorSets: Readonly<Record<string, readonly [first: number, last: number]>> = {
  '': [9, 23],
  'ai.onnx.ml': [1, 5],
};

const domainName = (domain: string) => (domain === '' || domain === 'ai.onnx' ? '' : domain);
const shown = (domain: string) => (domain === '' ? 'ai.onnx' : domain);
const list = (names: readonly string[]) => names.slice(0, 5).join(', ');

function operators(file: string, { opsets, graph }: Model): GateCheck {
  const bad = opsets.filter(({ domain, version }) => {
    const range = operatorSets[domainName(domain)];
    return range === undefined || version < range[0] || version > range[1];
  });
  const imported = new Set(opsets.map(({ domain }) => domainName(domain)));
  const strange = graph.nodes.filter((node) => !imported.has(domainName(node.domain)));
  const allowed = Object.entries(operatorSets).map(([domain, [first, last]]) => `${shown(domain)} ${first} to ${last}`);
  const used = opsets.map(({ domain, version }) => `${shown(domain)} ${version}`).join(', ');
  const isGood = opsets.length > 0 && bad.length === 0 && strange.length === 0;
  const found = strange[0] === undefined ? used || 'none' : `${used}, and ${strange[0].opType} of ${strange[0].domain}`;
  return factCheck(
    `${file}: operator sets`,
    isGood,
    isGood ? found : `It uses ${found}; allowed are ${allowed.join(', ')}. Export it with one of these.`,
  );
}

function isColumns({ dims, elementType }: ValueInfo, width: number): boolean {
  // A batch of any size: a first dimension of fixed length would refuse some.
  const [rows, columns] = dims ?? [];
  return elementType === elementTypes.float32 && dims?.length === 2 && typeof rows !== 'number' && columns === width;
}

const describe = ({ name, elementType, dims }: ValueInfo) =>
  `${name} of element type ${elementType}, shape [${dims?.map((dim) => dim ?? '?').join(', ') ?? '?'}]`;

function tensors({ file, input, output }: OnnxFileOptions, { graph }: Model): GateCheck[] {
  // Constants may be listed among the inputs too.
  const constants = new Set(graph.initializers.map(({ name }) => name));
  const inputs = graph.inputs.filter(({ name }) => !constants.has(name));
  const fits = inputs.length === 1 && inputs[0]?.name === input.name && isColumns(inputs[0], input.width);
  const answer = graph.outputs.find(({ name }) => name === output);
  const answers = answer !== undefined && isColumns(answer, 1);
  return [
    factCheck(
      `${file}: input`,
      fits,
      fits
        ? `${input.name}, float32 [n, ${input.width}]`
        : `It takes ${inputs.map(describe).join('; ') || 'nothing'}; the contract asks for ${input.name} alone, float32 [n, ${input.width}]. Export it so.`,
    ),
    factCheck(
      `${file}: output`,
      answers,
      answers
        ? `${output}, float32 [n, 1]`
        : `It gives ${graph.outputs.map(describe).join('; ') || 'nothing'}; the contract asks for ${output}, float32 [n, 1]. Export it so.`,
    ),
  ];
}

function wholeness({ file, bytes, model }: OnnxFileOptions, { metadata }: Model): GateCheck[] {
  const outside = externalTensors(bytes);
  const named = metadata.model ?? model;
  return [
    factCheck(
      `${file}: constants`,
      outside.length === 0,
      outside.length === 0
        ? 'all inside the file'
        : `${outside.length} lie in other files, such as ${list(outside)}: the bundle's digest does not cover them. Save the model as one file.`,
    ),
    factCheck(
      `${file}: metadata`,
      named === model,
      named === model
        ? 'of this model'
        : `It says that it is ${named}, not ${model}. Put the right file into the bundle.`,
    ),
  ];
}

/**
 * Holds an ONNX file to what its bundle says of it, by reading the file and not by running it: operator sets, input, output, constants
 * inside, and the model that its metadata names. A file that is no ModelProto fails one check.
 */
export function onnxFileChecks(options: OnnxFileOptions): GateCheck[] {
  let model: Model;
  try {
    model = decodeModel(options.bytes);
    externalTensors(options.bytes);
  } catch (error) {
    return [factCheck(`${options.file}: form`, false, `It is no ONNX model: ${(error as Error).message}`)];
  }
  return [operators(options.file, model), ...tensors(options, model), ...wholeness(options, model)];
}
