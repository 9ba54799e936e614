import * as pulumi from '@pulumi/pulumi';
import { InputError } from '@repo/contract/input-error';

/**
 * Makes an InputError a RunError to the engine, which then shows its message alone: wrong input is no defect of the program, and an
 * operator has no use for its stack. Imported for this effect by what every program begins with.
 */
Object.assign(InputError.prototype, new pulumi.RunError());
