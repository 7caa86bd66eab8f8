import {errorText} from '../../event/error-code.ts';
import type {Kernel} from './kernel.ts';
import {
  becomeUser,
  dieWithParent,
  dropCapabilities,
  forbidNewPrivileges,
  type PrivilegeReport,
  privilegeReport,
} from './privilege.ts';
import {Failure} from './sensor-failure.ts';

/** From here on nothing may be opened that nobody may open. Throws unless every thread is without any capability. */
export function giveUpPrivilege(kernel: Kernel | undefined, user: string): PrivilegeReport {
  // Windows has no way to become somebody else for good.
  if (process.platform === 'win32') return {uid: 0, threads: 1, capabilitiesZero: false, noNewPrivileges: false};
  try {
    if (process.getuid?.() === 0) becomeUser(user);
    else if (kernel) dropCapabilities(kernel);
  } catch (error) {
    throw new Failure(
      'privilege-kept',
      `Expected to become the user ${user}: ${errorText(error)}`,
      'set user in [capture]',
    );
  }
  if (kernel && process.platform === 'linux') {
    forbidNewPrivileges(kernel);
    dieWithParent(kernel);
  }
  if (process.platform !== 'linux') {
    return {
      uid: process.getuid?.() ?? 0,
      threads: 1,
      capabilitiesZero: process.getuid?.() !== 0,
      noNewPrivileges: false,
    };
  }
  const report = privilegeReport();
  if (report.capabilitiesZero) return report;
  throw new Failure(
    'privilege-kept',
    `Expected no thread to keep a capability after becoming ${user}, but one did: hostile bytes are not read like that.`,
    'set user in [capture] to an ordinary account',
  );
}
