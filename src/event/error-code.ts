/** The system's code of an error (`ENOENT`, `EACCES` …), '' where it has none. */
export function errorCode(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}

/** An error in words for a person: the system's common codes spelt out, else its own message. */
export function errorText(error: unknown): string {
  const known: Readonly<Record<string, string>> = {
    ENOENT: 'there is no such file',
    EACCES: 'permission denied',
    EPERM: 'operation not permitted',
    ENOSPC: 'no space is left on the disk',
    EISDIR: 'it is a folder',
  };
  const text = known[errorCode(error)];
  if (text !== undefined) return text;
  return typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error);
}
