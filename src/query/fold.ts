/**
 * Text without case. ASCII letters fold as SQLite folds them; of other letters only those whose lower case is again one
 * character beyond ASCII (so the Kelvin sign is no k). That makes every comparison here equal to the store's.
 */
export function fold(text: string): string {
  if (!/[A-Z\u0080-\uffff]/.test(text)) return text;
  return text.replace(/[A-Z]+|[^\u0000-\u007f]/gu, part => {
    const lower = part.toLowerCase();
    if (part.charCodeAt(0) < 0x80) return lower;
    return lower.length === part.length && lower.charCodeAt(0) >= 0x80 ? lower : part;
  });
}

export function isAscii(text: string): boolean {
  return !/[^\u0000-\u007f]/.test(text);
}
