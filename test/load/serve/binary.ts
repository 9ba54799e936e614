import { benchRow, imagePixels, jsonBody } from './bench-models.ts';
import { closedLoop } from './closed-loop.ts';
import { median } from './percentile.ts';
import { startService } from './processes.ts';
import { count, type Measurement, rate } from './row.ts';

/** The image as JSON header and little-endian tensor behind it. */
function binaryBody(): { body: Buffer; headers: Record<string, string> } {
  const { input, values } = benchRow('image');
  const tensor = Buffer.from(Float32Array.from(values).buffer);
  const header = Buffer.from(
    JSON.stringify({ inputs: [{ ...input, parameters: { binary_data_size: tensor.length } }] }),
  );
  return {
    body: Buffer.concat([header, tensor]),
    headers: {
      'content-type': 'application/octet-stream',
      'inference-header-content-length': String(header.length),
    },
  };
}

/** Requests per second with a large tensor as binary data and as JSON. */
export const binary: Measurement = async ({ scratch, model, progress }) => {
  const service = await startService(scratch, { MODEL_REPOSITORY: model('image').repository });
  try {
    const load = { url: `${service.url}/v2/models/image/infer`, connections: 4, seconds: 4 };
    const forms = { binary: { ...load, ...binaryBody() }, json: { ...load, body: jsonBody('image') } };
    for (const form of Object.values(forms)) await closedLoop({ ...form, seconds: 2 });
    const rates: { binary: number; json: number }[] = [];
    for (let turn = 1; turn <= 3; turn++) {
      const { perSecond: binary } = await closedLoop(forms.binary);
      const { perSecond: json } = await closedLoop(forms.json);
      rates.push({ binary, json });
      progress(`binary, turn ${turn}: ${rate(binary)} as binary data, ${rate(json)} as JSON`);
    }
    const ratio = median(rates.map(({ binary, json }) => binary / json));
    const [asBinary, asJson] = [median(rates.map((r) => r.binary)), median(rates.map((r) => r.json))];
    return [
      {
        what: `binary infer of ${count(imagePixels)} floats`,
        bound: '10 x the JSON rate',
        measured: `${ratio.toFixed(1)} (${rate(asBinary)} of ${rate(asJson)})`,
        holds: ratio >= 10,
      },
    ];
  } finally {
    await service.stop();
  }
};
