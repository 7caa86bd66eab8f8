import {errorText} from '../../event/error-code.ts';

/** `fails`: the settings ask for it and it does not work. `note`: worth knowing, and nothing is wrong with it. */
export type CheckState = 'ok' | 'note' | 'fails';

export interface Check {
  readonly check: string;
  readonly state: CheckState;
  readonly found: string;
  /** The command or setting that mends it. */
  readonly mend?: string;
}

export function ok(check: string, found: string): Check {
  return {check, state: 'ok', found};
}

export function note(check: string, found: string, mend?: string): Check {
  return {check, state: 'note', found, ...(mend === undefined ? undefined : {mend})};
}

export function fails(check: string, found: string, mend: string): Check {
  return {check, state: 'fails', found, mend};
}

/** One look that goes wrong is a finding of its own, and the others go on. */
export async function look(name: string, run: () => readonly Check[] | Promise<readonly Check[]>) {
  try {
    return await run();
  } catch (error) {
    return [fails(name, `could not be looked at: ${errorText(error)}`, mendOf(error))];
  }
}

/** Errors meant for the user bring what mends them. */
function mendOf(error: unknown): string {
  const known = typeof error === 'object' && error !== null && 'mend' in error ? error.mend : undefined;
  return typeof known === 'string' ? known : 'run siem doctor as the user siem runs as';
}
