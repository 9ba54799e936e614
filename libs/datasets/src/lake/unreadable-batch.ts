import { InputError } from '@repo/contract/input-error';

/** The batch itself is at fault, not the lake or its source: it will not be taken however often it comes. */
export class UnreadableBatch extends InputError {}
