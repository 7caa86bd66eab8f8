type Call = (...args: readonly unknown[]) => unknown;

/** What is used of the optional package koffi, which calls C. Pointers are bigints; buffers are passed as pointers. */
export interface Koffi {
  load(path: string | null): {func(definition: string): Call; symbol(name: string): bigint};
  view(address: unknown, length: number): ArrayBuffer;
  address(value: unknown): bigint;
  errno(): number;
}

/** koffi, or why it cannot be had. */
export async function loadKoffi(): Promise<Koffi | {readonly missing: string}> {
  // Not a literal, so that the program compiles and starts where the optional package is not installed.
  const optional: string = 'koffi';
  try {
    return ((await import(optional)) as {default: Koffi}).default;
  } catch (error) {
    return {missing: error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)};
  }
}
