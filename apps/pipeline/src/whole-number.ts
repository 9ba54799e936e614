import { InputError, show } from '@repo/contract/input-error';

/** A number on the command line; InputError for anything but a whole one from 1. */
export function wholeNumber(text: string, flag: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InputError({ path: flag, received: show(text), allowed: 'a whole number from 1', action: 'correct it' });
}
