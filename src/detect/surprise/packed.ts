/** Numbers in plain JSON without their cost: the bytes of a typed array (little-endian, as all platforms of Node) in base64. */
export function packInts(values: Int32Array): string {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('base64');
}

export function unpackInts(text: string): Int32Array {
  const bytes = Buffer.from(text, 'base64');
  const values = new Int32Array(Math.floor(bytes.length / 4));
  Buffer.from(values.buffer).set(bytes.subarray(0, values.byteLength));
  return values;
}

export function packFloats(values: Float32Array): string {
  return Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('base64');
}

export function unpackFloats(text: string): Float32Array {
  return new Float32Array(unpackInts(text).buffer);
}
