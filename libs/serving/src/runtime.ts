import './telemetry-off.ts';

/** ONNX Runtime without telemetry; loaded after the variable is set, hence the dynamic import. */
const { InferenceSession, Tensor } = await import('onnxruntime-node');

export { InferenceSession, Tensor };
