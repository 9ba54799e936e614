import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { InferenceSession, Tensor } from 'onnxruntime-node';

/**
 * `node test/load/floor.ts <model.onnx>`: the least that answers the protocol in this language, to compare the service with. A bare
 * node:http server that parses the body, runs the model inline with the same session options as the service and writes the outputs: one FP32
 * input, no checks, no limits, no metrics, no batches. Prints its port as a JSON line once it listens; SIGTERM ends it.
 */
async function main(file: string): Promise<void> {
  const session = await InferenceSession.create(file, {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  });
  const infer = async (text: string): Promise<string> => {
    const [input] = JSON.parse(text).inputs;
    const feeds = { [input.name]: new Tensor('float32', Float32Array.from(input.data), input.shape) };
    const results = Object.entries(await session.run(feeds));
    const outputs = results.map(([name, { dims, data }]) => ({
      name,
      datatype: 'FP32',
      shape: dims,
      data: Array.from(data as Float32Array),
    }));
    return JSON.stringify({ outputs });
  };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', async () => {
      const body = await infer(Buffer.concat(chunks).toString());
      response.setHeader('content-type', 'application/json');
      response.setHeader('content-length', Buffer.byteLength(body));
      response.end(body);
    });
  });
  server.listen(0, '127.0.0.1', () => {
    console.log(JSON.stringify({ msg: 'listening', port: (server.address() as AddressInfo).port }));
  });
  process.on('SIGTERM', () => {
    server.close();
    server.closeAllConnections();
  });
}

await main(process.argv[2] ?? '');
