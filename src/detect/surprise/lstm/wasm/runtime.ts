/** What is used of WebAssembly; the compiler's libraries for Node have no types of it. */
interface WebAssemblyRuntime {
  readonly validate: (bytes: Uint8Array) => boolean;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Memory: new (size: {readonly initial: number}) => {readonly buffer: ArrayBuffer};
  readonly Instance: new (
    module: object,
    imports: Readonly<Record<string, Readonly<Record<string, object>>>>,
  ) => {
    readonly exports: Readonly<Record<string, unknown>>;
  };
}

/** Undefined where Node runs without it (`--jitless`). */
export const webAssembly = (globalThis as {readonly WebAssembly?: WebAssemblyRuntime}).WebAssembly;
