import grpc, { type ServerUnaryCall, type sendUnaryData, type UntypedServiceImplementation } from '@grpc/grpc-js';
import engineServices from '@pulumi/pulumi/proto/engine_grpc_pb.js';
import engine from '@pulumi/pulumi/proto/engine_pb.js';
import monitorServices from '@pulumi/pulumi/proto/resource_grpc_pb.js';
import monitor from '@pulumi/pulumi/proto/resource_pb.js';
import empty from 'google-protobuf/google/protobuf/empty_pb.js';
import struct, { type JavaScriptValue, type Struct } from 'google-protobuf/google/protobuf/struct_pb.js';
import { answerInvoke } from './answer-invoke.ts';
import type { Recording } from './recording.ts';
import { registrationOf } from './registration-of.ts';
import { unwrap, type Wire } from './unwrap.ts';

/** Answers the outputs of another stack, named `<organization>/<program>/<stack>`; secrets signed as such. */
export type ReadStack = (name: string) => Promise<Record<string, Wire>>;

export interface EngineServer {
  /** `127.0.0.1:<port>`. */
  readonly address: string;
  /** What the program logged as errors. */
  readonly errors: readonly string[];
  close(): void;
}

const referenceType = 'pulumi:pulumi:StackReference';
/** What this engine understands of the values that travel. */
const features = ['secrets', 'resourceReferences', 'deletedWith', 'aliasSpecs'];

const toStruct = (value: Record<string, unknown>): Struct =>
  // Through JSON, since a Struct takes no undefined.
  struct.Struct.fromJavaScript(JSON.parse(JSON.stringify(value)) as Record<string, JavaScriptValue>);
const fromStruct = (value: Struct | undefined): Record<string, Wire> => value?.toJavaScript() ?? {};

/** A method that may throw or wait; what it throws reaches the program as the message of its failed call. */
function unary<Q, R>(answer: (request: Q) => R | Promise<R>) {
  return (call: ServerUnaryCall<Q, R>, callback: sendUnaryData<R>): void => {
    Promise.resolve()
      .then(() => answer(call.request))
      .then(
        (response) => callback(null, response),
        (error: Error) => callback({ code: grpc.status.UNKNOWN, message: error.message }),
      );
  };
}

/** Every method of a service: those of `known`, and for the rest an answer that says which is missing. */
function complete(service: object, known: UntypedServiceImplementation): UntypedServiceImplementation {
  const missing = (name: string) => (_: unknown, callback: sendUnaryData<unknown>) =>
    callback({ code: grpc.status.UNIMPLEMENTED, message: `this engine has no ${name}` });
  return Object.fromEntries(Object.keys(service).map((name) => [name, known[name] ?? missing(name)]));
}

function engineMethods(errors: string[]): UntypedServiceImplementation {
  let root = '';
  return {
    log: unary((request: InstanceType<typeof engine.LogRequest>) => {
      if (request.getSeverity() >= engine.LogSeverity.ERROR) errors.push(request.getMessage());
      return new empty.Empty();
    }),
    getRootResource: unary(() => new engine.GetRootResourceResponse().setUrn(root)),
    setRootResource: unary((request: InstanceType<typeof engine.SetRootResourceRequest>) => {
      root = request.getUrn();
      return new engine.SetRootResourceResponse();
    }),
  };
}

function monitorMethods(recording: Recording, readStack: ReadStack): UntypedServiceImplementation {
  return {
    supportsFeature: unary((request: InstanceType<typeof monitor.SupportsFeatureRequest>) =>
      new monitor.SupportsFeatureResponse().setHassupport(features.includes(request.getId())),
    ),
    registerPackage: unary(() => new monitor.RegisterPackageResponse().setRef('package')),
    registerResource: unary((request: InstanceType<typeof monitor.RegisterResourceRequest>) => {
      const { urn, id, outputs } = recording.register(registrationOf(request));
      return new monitor.RegisterResourceResponse().setUrn(urn).setId(id).setObject(toStruct(outputs));
    }),
    registerResourceOutputs: unary((request: InstanceType<typeof monitor.RegisterResourceOutputsRequest>) => {
      recording.registerOutputs(request.getUrn(), fromStruct(request.getOutputs()));
      return new empty.Empty();
    }),
    readResource: unary(async (request: InstanceType<typeof monitor.ReadResourceRequest>) => {
      const type = request.getType();
      if (type !== referenceType) throw new Error(`${type} is read from the world, which this engine does not know`);
      const name = request.getId();
      recording.invoked(type, { name });
      const outputs = await readStack(name);
      const secretOutputNames = Object.keys(outputs).filter((key) => unwrap(outputs[key]).secrets.length > 0);
      return new monitor.ReadResourceResponse()
        .setUrn(recording.urnOf(type, request.getName(), request.getParent()))
        .setProperties(toStruct({ name, outputs, secretOutputNames }));
    }),
    invoke: unary((request: InstanceType<typeof monitor.ResourceInvokeRequest>) => {
      const token = request.getTok();
      const answer = answerInvoke(token, recording.invoked(token, fromStruct(request.getArgs())));
      return new monitor.ResourceInvokeResponse().setReturn(toStruct(answer));
    }),
    signalAndWaitForShutdown: unary(() => new empty.Empty()),
  };
}

/**
 * Stands in for the engine of Pulumi on a free port of this machine: it answers a program as one would for which everything that is
 * registered comes to be at once. No provider runs: nothing is checked against a schema, no default is filled in.
 */
export async function serveEngine(recording: Recording, readStack: ReadStack): Promise<EngineServer> {
  const errors: string[] = [];
  const unlimited = { 'grpc.max_receive_message_length': -1, 'grpc.max_send_message_length': -1 };
  const server = new grpc.Server(unlimited);
  const { EngineService } = engineServices;
  const { ResourceMonitorService } = monitorServices;
  server.addService(EngineService, complete(EngineService, engineMethods(errors)));
  server.addService(ResourceMonitorService, complete(ResourceMonitorService, monitorMethods(recording, readStack)));
  const port = await new Promise<number>((resolve, reject) => {
    const credentials = grpc.ServerCredentials.createInsecure();
    server.bindAsync('127.0.0.1:0', credentials, (error, bound) => (error === null ? resolve(bound) : reject(error)));
  });
  return { address: `127.0.0.1:${port}`, errors, close: () => server.forceShutdown() };
}
