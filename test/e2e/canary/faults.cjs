// Preloaded in the image of this suite alone: makes a service misbehave as the version that its champion.json pins says. The
// product has no such switch. Faults begin with the first request, since a model that fails its golden rows would not serve at all.
const { existsSync, readFileSync, writeFileSync } = require('node:fs');
const http = require('node:http');

const faults = { 3: 'wrong', 5: 'slow', 7: 'nan' };
const armed = '/app/.causeway/armed';

function versionServed() {
  try {
    return JSON.parse(readFileSync('/etc/causeway/models/flight-delay/champion.json', 'utf8')).version;
  } catch {
    return 0;
  }
}

// An image may be at fault itself, whatever it serves.
const fault = process.env.FAULT_OF_IMAGE ?? faults[versionServed()];
let isArmed = false;
const isOn = () => {
  isArmed ||= existsSync(armed);
  return isArmed;
};

function breakAnswers() {
  const { emit } = http.Server.prototype;
  let count = 0;
  http.Server.prototype.emit = function (...args) {
    const [event, request, response] = args;
    if (event === 'request' && request.method === 'POST') {
      if (!isOn()) writeFileSync(armed, '');
      count += 1;
      if (fault === 'errors' && count % 10 === 0) failOne(response);
      if (fault === 'slow') delay(response, 250);
    }
    return emit.apply(this, args);
  };
}

function failOne(response) {
  const { writeHead } = response;
  response.writeHead = function (_status, headers) {
    return writeHead.call(this, 500, { ...headers, 'x-faulty': 'yes' });
  };
}

function delay(response, ms) {
  const { end } = response;
  response.end = function (...args) {
    setTimeout(() => end.apply(this, args), ms);
    return this;
  };
}

function breakScores() {
  const { InferenceSession } = require('/app/node_modules/onnxruntime-node');
  const { run } = InferenceSession.prototype;
  InferenceSession.prototype.run = async function (...args) {
    const results = await run.apply(this, args);
    if (!isOn()) return results;
    for (const [name, tensor] of Object.entries(results)) {
      if (name === 'outlier_score' || !(tensor.data instanceof Float32Array)) continue;
      for (let i = 0; i < tensor.data.length; i++) {
        tensor.data[i] = fault === 'nan' ? Number.NaN : Math.min(1, tensor.data[i] + 0.02);
      }
    }
    return results;
  };
}

if (fault !== undefined) breakAnswers();
if (fault === 'wrong' || fault === 'nan') breakScores();
