import type { EvidenceOptions } from '@repo/gates/open-evidence';
import { float, floatTensor, int, int64Tensor, node } from '@repo/onnx/build';
import type { Node, Tensor } from '@repo/onnx/model';
import { nextFloat32 } from '@repo/training/boundary-rows';
import { exportModel } from '@repo/training/export-model';
import { treesOf, withModel } from '../altered.ts';
import { placeOf } from '../altered-table.ts';
import type { Defect } from '../defect.ts';
import { answeredBy, editedGraph } from '../edited-graph.ts';
import type { SabotageWorld } from '../sabotage-world.ts';

/** A candidate whose answers pass through further nodes. */
async function through(
  world: SabotageWorld,
  name: string,
  nodes: readonly Node[],
  constants: readonly Tensor[] = [],
): Promise<EvidenceOptions> {
  const { honest } = world;
  return world.evidence(await withModel(world, name, honest, answeredBy(honest, nodes, constants)));
}

const detourNodes = 200;

/** What is wrong with model.onnx while everything else is as it was. */
export const fileDefects: readonly Defect[] = [
  {
    name: 'bigger',
    made: 'constants that nothing reads make model.onnx twice as large',
    red: ['artifact-contract'],
    evidence: async (world) => {
      const { honest } = world;
      const ballast = floatTensor('ballast', new Float32Array(Math.ceil(honest.contents['model.onnx'].length / 4)));
      const onnx = editedGraph(honest, (graph) => ({ ...graph, initializers: [...graph.initializers, ballast] }));
      return world.evidence(await withModel(world, 'bigger', honest, onnx));
    },
  },
  {
    name: 'slower',
    made: `answers pass through ${detourNodes} more nodes, and are what they were`,
    red: ['compute-budget'],
    evidence: (world) => {
      const steps = Array.from({ length: detourNodes }, (_, i) =>
        node('Sigmoid', [i === 0 ? 'before' : `step${i}`], [`step${i + 1}`]),
      );
      const last = [
        node('Mul', [`step${detourNodes}`, 'zero'], ['nothing']),
        node('Add', ['before', 'nothing'], ['probability']),
      ];
      return through(world, 'slower', [...steps, ...last], [floatTensor('zero', [0])]);
    },
  },
  {
    name: 'nondeterministic',
    made: 'a random number of up to 1e-7 is taken from each answer',
    red: ['determinism'],
    evidence: (world) => {
      const most = [float('low', 0), float('high', 1e-7)];
      const nodes = [
        node('RandomUniformLike', ['before'], ['chance'], most),
        node('Sub', ['before', 'chance'], ['less']),
        node('Abs', ['less'], ['probability']),
      ];
      return through(world, 'nondeterministic', nodes);
    },
  },
  {
    name: 'batch-dependent',
    made: 'a row among others is answered 0.000004 lower than the same row alone',
    red: ['determinism'],
    evidence: (world) => {
      const nodes = [
        node('Shape', ['before'], ['shape'], [int('start', 0), int('end', 1)]),
        node('Cast', ['shape'], ['rows'], [int('to', 1)]),
        node('Min', ['rows', 'two'], ['one_or_two']),
        node('Sub', ['one_or_two', 'one'], ['among_others']),
        node('Mul', ['among_others', 'little'], ['difference']),
        node('Sub', ['before', 'difference'], ['less']),
        node('Abs', ['less'], ['probability']),
      ];
      const constants = [floatTensor('two', [2]), floatTensor('one', [1]), floatTensor('little', [4e-6])];
      return through(world, 'batch-dependent', nodes, constants);
    },
  },
  {
    name: 'no answer to edge inputs',
    made: 'an hour of departure beyond 1e20, from a sensor gone wild, is answered with no number',
    red: ['robustness'],
    evidence: (world) => {
      const nodes = [
        node('Gather', ['features', 'hour_place'], ['hour'], [int('axis', 1)]),
        node('Greater', ['hour', 'most'], ['is_wild']),
        node('Where', ['is_wild', 'nothing', 'before'], ['probability']),
      ];
      const hour = int64Tensor('hour_place', [placeOf(world.honest, 'departure_hour')]);
      const constants = [hour, floatTensor('most', [1e20]), floatTensor('nothing', [Number.NaN])];
      return through(world, 'edge-inputs', nodes, constants);
    },
  },
  {
    name: 'thresholds off by one float32',
    made: 'the export rounds every threshold to the next float32 above',
    red: ['onnx-parity'],
    evidence: async (world) => {
      const { honest } = world;
      const { model, calibration } = treesOf(honest);
      const up = (threshold: number) => nextFloat32(threshold, 1);
      const trees = model.trees.map((tree) => ({ ...tree, threshold: tree.threshold.map(up) }));
      const onnx = exportModel({ ...model, trees }, { calibration, metadata: { model: honest.model.name } });
      return world.evidence(await withModel(world, 'thresholds', honest, onnx));
    },
  },
];
