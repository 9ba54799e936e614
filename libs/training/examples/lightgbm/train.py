"""Trains LightGBM under the trainer file contract: train.py <in> <out>.

Reads train.parquet, valid.parquet, contract.json and params.json; writes model.onnx, metrics.json, predictions.parquet and env.json.
params.json holds LightGBM's own parameters, such as num_iterations, num_leaves, learning_rate and early_stopping_round.
Exit code 0: trained. 2: the input is refused. 1: anything else.
"""

import json
import platform
import sys
from pathlib import Path

import lightgbm
import numpy
import onnx
import pyarrow
import pyarrow.parquet
from onnx import TensorProto, helper


def refuse(why):
    print(f"train.py: {why}", file=sys.stderr)
    sys.exit(2)


def read_table(path, names, task):
    """The row ids, the float32 matrix (NaN is missing) and the labels of one split."""
    table = pyarrow.parquet.read_table(path)
    absent = [name for name in ["row_id", "label", *names] if name not in table.column_names]
    if absent:
        refuse(f"{path.name}: received no column {', '.join(absent)}; run the features stage again")
    if table.num_rows == 0:
        refuse(f"{path.name}: received 0 rows; allowed: 1 or more; widen the split")
    labels = table["label"].to_numpy().astype(numpy.float64)
    if not numpy.isfinite(labels).all() or (task == "binary" and not numpy.isin(labels, [0, 1]).all()):
        refuse(f"{path.name}: received labels other than {'0 and 1' if task == 'binary' else 'finite numbers'}")
    matrix = numpy.column_stack([table[name].to_numpy().astype(numpy.float32) for name in names])
    return table["row_id"], matrix, labels


def floor_float32(threshold):
    """The largest float32 not above a double: a float32 value is at most the one where it is at most the other."""
    with numpy.errstate(over="ignore"):
        rounded = numpy.float32(threshold)
    return float(rounded if float(rounded) <= threshold else numpy.nextafter(rounded, numpy.float32(-numpy.inf)))


def missing_goes_left(node):
    """LightGBM sends NaN the learned way where it saw NaN in training, and compares it as 0 where it did not."""
    if node["missing_type"] == "NaN":
        return node["default_left"]
    return 0.0 <= node["threshold"]


def nodes_of(root):
    """A tree's nodes in preorder, each with the places of its children; a leaf has none."""
    nodes = []

    def visit(node):
        at = len(nodes)
        nodes.append((node, 0, 0))
        if "leaf_value" not in node:
            if node["decision_type"] != "<=" or node["missing_type"] == "Zero":
                raise ValueError(f"no export for {node['decision_type']} with missing_type {node['missing_type']}")
            nodes[at] = (node, visit(node["left_child"]), visit(node["right_child"]))
        return at

    visit(root)
    return nodes


def tree_attributes(roots):
    """Attributes of TreeEnsembleRegressor (ai.onnx.ml 3): lists with an entry for each node, and for each leaf."""
    rows = [(tree, at, *row) for tree, root in enumerate(roots) for at, row in enumerate(nodes_of(root))]
    splits = [None if "leaf_value" in node else node for _, _, node, _, _ in rows]
    leaves = [(tree, at, node["leaf_value"]) for tree, at, node, _, _ in rows if "leaf_value" in node]
    return {
        "nodes_treeids": [tree for tree, _, _, _, _ in rows],
        "nodes_nodeids": [at for _, at, _, _, _ in rows],
        "nodes_truenodeids": [left for _, _, _, left, _ in rows],
        "nodes_falsenodeids": [right for _, _, _, _, right in rows],
        "nodes_modes": ["BRANCH_LEQ" if split else "LEAF" for split in splits],
        "nodes_featureids": [split["split_feature"] if split else 0 for split in splits],
        "nodes_values": [floor_float32(split["threshold"]) if split else 0.0 for split in splits],
        "nodes_missing_value_tracks_true": [int(missing_goes_left(split)) if split else 0 for split in splits],
        "target_treeids": [tree for tree, _, _ in leaves],
        "target_nodeids": [at for _, at, _ in leaves],
        "target_ids": [0 for _ in leaves],
        "target_weights": [value for _, _, value in leaves],
        "n_targets": 1,
    }


def export(booster, contract):
    """The graph from the contract's input to its output: the trees and, for a classification, the logistic function."""
    info = booster.dump_model(num_iteration=booster.best_iteration)["tree_info"]
    attributes = tree_attributes([tree["tree_structure"] for tree in info])
    given, answer = contract["input"]["name"], contract["output"]["name"]
    last = "Sigmoid" if contract["task"] == "binary" else "Identity"
    trees = helper.make_node("TreeEnsembleRegressor", [given], ["raw"], domain="ai.onnx.ml", **attributes)
    graph = helper.make_graph(
        [trees, helper.make_node(last, ["raw"], [answer])],
        "lightgbm",
        [helper.make_tensor_value_info(given, TensorProto.FLOAT, ["n", len(contract["features"])])],
        [helper.make_tensor_value_info(answer, TensorProto.FLOAT, ["n", 1])],
    )
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid("ai.onnx.ml", 3)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=8, producer_name="lightgbm")
    onnx.checker.check_model(model)
    return model.SerializeToString(deterministic=True)


def main(given, out):
    contract, params = (json.loads((given / name).read_text()) for name in ("contract.json", "params.json"))
    names, task = [feature["name"] for feature in contract["features"]], contract["task"]
    _, matrix, labels = read_table(given / "train.parquet", names, task)
    row_ids, valid_matrix, valid_labels = read_table(given / "valid.parquet", names, task)
    train = lightgbm.Dataset(matrix, labels)
    valid = lightgbm.Dataset(valid_matrix, valid_labels, reference=train)
    fixed = {"objective": task, "metric": "binary_logloss" if task == "binary" else "rmse", "verbosity": -1}
    steady = {"deterministic": True, "force_row_wise": True, "num_threads": 2, "seed": 1}
    booster = lightgbm.train({**steady, **params, **fixed}, train, valid_sets=[valid], valid_names=["valid"])
    answers = booster.predict(valid_matrix, num_iteration=booster.best_iteration)
    (out / "model.onnx").write_bytes(export(booster, contract))
    pyarrow.parquet.write_table(pyarrow.table({"row_id": row_ids, "answer": answers}), out / "predictions.parquet")
    losses = {f"valid_{name}": value for name, value in booster.best_score["valid"].items()}
    metrics = {"rounds": booster.best_iteration or booster.num_trees(), **losses}
    (out / "metrics.json").write_text(json.dumps(metrics, allow_nan=False))
    versions = {module.__name__: module.__version__ for module in (lightgbm, numpy, onnx, pyarrow)}
    (out / "env.json").write_text(json.dumps({"python": platform.python_version(), **versions}))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        refuse(f"received {len(sys.argv) - 1} arguments; allowed: 2, the folder to read and the folder to write")
    main(Path(sys.argv[1]), Path(sys.argv[2]))
