import type { GateCheck } from '@repo/contract/gate-report';
import type { Model } from '@repo/contract/model';
import { viewColumns } from '@repo/training/view-columns';
import { bundleAgreement } from '../bundle-agreement.ts';
import type { Side } from '../evidence.ts';
import { exactCheck, idleCheck } from '../exact-check.ts';
import type { Gate } from '../gate.ts';
import { limitCheck } from '../limit-check.ts';
import { onnxFileChecks } from '../onnx-file-checks.ts';

/** The ONNX files of a bundle against its contract. */
function files({ contents, contract }: Side): GateCheck[] {
  const { model, output, features } = contract;
  const input = { name: contract.input.name, width: features.length };
  const main = onnxFileChecks({
    file: 'model.onnx',
    bytes: contents['model.onnx'],
    model,
    input,
    output: output.name,
  });
  const compact = contents['compact.onnx'];
  const outliers = contents['outliers.onnx'];
  const narrow = { name: 'features', width: viewColumns(contract).request.length };
  return [
    ...main,
    ...(compact === undefined
      ? []
      : onnxFileChecks({ file: 'compact.onnx', bytes: compact, model, input: narrow, output: output.name })),
    ...(outliers === undefined
      ? []
      : onnxFileChecks({
          file: 'outliers.onnx',
          bytes: outliers,
          model,
          input: { ...narrow, width: features.length },
          output: 'outlier_score',
        })),
  ];
}

/** The definition and the bundle are about the same model. */
function identity(model: Model, { contract }: Side): GateCheck {
  const isGood = contract.model === model.name && contract.task === model.task;
  const found = `${contract.model}, ${contract.task}`;
  return exactCheck(
    'contract.json: model',
    isGood,
    isGood ? found : `It is of ${found}; the definition is of ${model.name}, ${model.task}. Train this model.`,
  );
}

/** The answers that the bundle promises a service, which checks them before it calls itself ready. */
async function golden({ golden: expected, scorer, contract, failure }: Side): Promise<GateCheck> {
  const name = 'golden answers';
  if (failure !== null) return exactCheck(name, false, failure);
  const width = contract.features.length;
  const rows = expected.features.filter((row) => row.length === width);
  const values = Float32Array.from(rows.flat(), (value) => value ?? Number.NaN);
  const answers = await scorer.score(values, rows.length);
  const off = answers.map((answer, row) => Math.abs(answer - (expected.outputs[row] ?? Number.NaN)));
  const wrong = off.filter((difference) => !(difference <= expected.tolerance)).length;
  return exactCheck(
    name,
    wrong === 0 && rows.length === expected.features.length,
    wrong === 0
      ? `${rows.length} rows within ${expected.tolerance}`
      : `${wrong} of ${rows.length} rows are answered otherwise than golden.json says, by up to ${Math.max(...off)}. Train again: model.onnx is not the one that was measured.`,
  );
}

function size(model: Model, candidate: Side, champion: Side | null): GateCheck[] {
  const bytes = candidate.contents['model.onnx'].length;
  const mebibytes = bytes / 2 ** 20;
  const absolute = limitCheck(model, 'modelMiB', {
    value: mebibytes,
    detail: `${mebibytes.toFixed(2)} MiB. A larger file loads and ships slower: fewer or smaller trees, or gates.limits.modelMiB with a reason.`,
  });
  if (champion === null) return [absolute, idleCheck("size of model.onnx over the champion's", 'no champion yet')];
  const ratio = bytes / champion.contents['model.onnx'].length;
  return [
    absolute,
    limitCheck(model, 'modelGrowth', {
      value: ratio,
      detail: `${ratio.toFixed(2)} times the champion's. Growth should buy quality: fewer trees, or gates.limits.modelGrowth with a reason.`,
    }),
  ];
}

/**
 * The bundle is what its contract says: every ONNX file read as a ModelProto (operator sets, names, types, shapes, no constants outside, the
 * model that its metadata names), the JSON files in agreement, golden answers reproduced, and sizes within limits. Never waived.
 */
export const artifactContract: Gate = {
  name: 'artifact-contract',
  run: async ({ model, candidate, champion }) => [
    identity(model, candidate),
    ...files(candidate),
    ...bundleAgreement(candidate),
    await golden(candidate),
    ...size(model, candidate, champion),
  ],
};
