import type { RegisterResourceRequest } from '@pulumi/pulumi/proto/resource_pb.js';
import type { Registration } from './recording.ts';

/** Options that a program set, by the names that it knows them by. */
function optionsOf(request: RegisterResourceRequest): Record<string, unknown> {
  const lists = {
    ignoreChanges: request.getIgnorechangesList(),
    replaceOnChanges: request.getReplaceonchangesList(),
  };
  const flags = {
    protect: request.getProtect() === true,
    retainOnDelete: request.getRetainondelete() === true,
    deleteBeforeReplace: request.getDeletebeforereplace(),
  };
  const texts = { deletedWith: request.getDeletedwith(), import: request.getImportid() };
  const timeouts = Object.entries({
    create: request.getCustomtimeouts()?.getCreate(),
    update: request.getCustomtimeouts()?.getUpdate(),
    delete: request.getCustomtimeouts()?.getDelete(),
  }).filter(([, time = '']) => time !== '');
  return {
    ...Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0)),
    ...Object.fromEntries(Object.entries(flags).filter(([, flag]) => flag)),
    ...Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== '')),
    ...(timeouts.length === 0 ? {} : { customTimeouts: Object.fromEntries(timeouts) }),
  };
}

/** A registration out of the message that carries it. */
export const registrationOf = (request: RegisterResourceRequest): Registration => ({
  type: request.getType(),
  name: request.getName(),
  parent: request.getParent(),
  custom: request.getCustom(),
  inputs: request.getObject()?.toJavaScript() ?? {},
  provider: request.getProvider(),
  options: optionsOf(request),
  secretOutputs: request.getAdditionalsecretoutputsList(),
});
