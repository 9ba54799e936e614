"""The same model behind FastAPI as its manual writes services: a typed body, an async function, the run inline, one thread for each run."""

import os

import numpy as np
import onnxruntime as ort
from fastapi import FastAPI
from pydantic import BaseModel

options = ort.SessionOptions()
options.intra_op_num_threads = 1
options.inter_op_num_threads = 1
options.add_session_config_entry("session.intra_op.allow_spinning", "0")
session = ort.InferenceSession(os.environ["MODEL"], options, providers=["CPUExecutionProvider"])
names = [output.name for output in session.get_outputs()]
app = FastAPI()


@app.get("/v2/health/ready")
async def ready():
    return {"ready": True}


class Tensor(BaseModel):
    name: str
    datatype: str
    shape: list[int]
    data: list[float]


class InferRequest(BaseModel):
    inputs: list[Tensor]


@app.post("/v2/models/{model}/infer")
async def infer(model: str, request: InferRequest):
    [tensor] = request.inputs
    data = np.asarray(tensor.data, dtype=np.float32).reshape(tensor.shape)
    results = session.run(names, {tensor.name: data})
    outputs = [
        {"name": name, "datatype": "FP32", "shape": list(result.shape), "data": result.ravel().tolist()}
        for name, result in zip(names, results)
    ]
    return {"model_name": model, "outputs": outputs}
