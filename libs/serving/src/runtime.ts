/**
 * ONNX Runtime with its telemetry off: it would write a device id below the home folder and upload it. The variable is read when the
 * library loads, hence the dynamic import; it must be set on the main thread, as a worker's environment is a copy.
 */
process.env.ORT_DISABLE_TELEMETRY = '1';
const { InferenceSession, Tensor } = await import('onnxruntime-node');

export { InferenceSession, Tensor };
