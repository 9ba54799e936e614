"""Fits LightGBM on the tables of the features stage and prints one JSON line: seconds and the test predictions' file.

fit.py <features folder> <params.json> <predictions.f64>
"""

import json
import sys
import time

import lightgbm as lgb
import numpy as np
import pyarrow.parquet as pq

folder, params_file, predictions_file = sys.argv[1:]
with open(f"{folder}/contract.json", encoding="utf8") as file:
    names = [feature["name"] for feature in json.load(file)["features"]]
with open(params_file, encoding="utf8") as file:
    params = json.load(file)


def read(split):
    table = pq.read_table(f"{folder}/{split}.parquet").to_pandas().sort_values(["time", "row_id"])
    return table[names].to_numpy(np.float32), table["label"].to_numpy(np.float32)


features, labels = read("train")
test_features, _ = read("test")
begun = time.perf_counter()
model = lgb.train(params, lgb.Dataset(features, labels, params=params), params["num_iterations"])
seconds = time.perf_counter() - begun
model.predict(test_features).astype(np.float64).tofile(predictions_file)
print(json.dumps({"seconds": seconds}))
