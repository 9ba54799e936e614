/**
 * Turns off the telemetry of ONNX Runtime, which would write a device id below the home folder and upload it. The library reads the
 * variable when it loads, in whatever thread; only the main thread can set it, as a worker's environment is a copy. So whatever
 * loads the library, or starts a thread that does, imports this first.
 */
process.env.ORT_DISABLE_TELEMETRY = '1';
