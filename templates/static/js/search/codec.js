// @ts-check
// The bytes of pieces, read: what generator/outputs/search/streams.py writes.

const DECODER = new TextDecoder();

/**
 * Return the streams that a piece is made of. Throws a RangeError when the piece is not whole.
 * @param {Uint8Array} bytes
 * @returns {Uint8Array[]}
 */
export function streams(bytes) {
  let at = 0;
  const next = () => {
    let number = 0;
    let shift = 0;
    let byte;
    do {
      if (at >= bytes.length) throw new RangeError("a piece ends too early");
      byte = bytes[at++];
      number |= (byte & 127) << shift;
      shift += 7;
    } while (byte > 127);
    return number;
  };
  const lengths = Array.from({ length: next() }, next);
  const found = lengths.map((length) => bytes.subarray(at, (at += length)));
  if (at !== bytes.length) throw new RangeError("a piece has another length than it says");
  return found;
}

/**
 * Return all varints of a stream.
 * @param {Uint8Array} bytes
 * @returns {Uint32Array}
 */
export function numbers(bytes) {
  const found = new Uint32Array(bytes.length);
  let many = 0;
  let number = 0;
  let shift = 0;
  for (const byte of bytes) {
    number |= (byte & 127) << shift;
    if (byte > 127) {
      shift += 7;
    } else {
      found[many++] = number;
      number = shift = 0;
    }
  }
  return found.slice(0, many);
}

/**
 * Return front-coded texts: how many bytes each shares with the one before, how many are its own, and those.
 * @param {Uint8Array} shared
 * @param {Uint8Array} own
 * @param {Uint8Array} rest
 * @returns {string[]}
 */
export function texts(shared, own, rest) {
  const same = numbers(shared);
  const more = numbers(own);
  const found = new Array(same.length);
  let buffer = new Uint8Array(256);
  let at = 0;
  for (let i = 0; i < same.length; i++) {
    const length = same[i] + more[i];
    if (length > buffer.length) {
      const larger = new Uint8Array(2 * length);
      larger.set(buffer);
      buffer = larger;
    }
    buffer.set(rest.subarray(at, (at += more[i])), same[i]);
    found[i] = DECODER.decode(buffer.subarray(0, length));
  }
  return found;
}

/**
 * Return JSON that was written as UTF-8.
 * @param {Uint8Array} bytes
 */
export function json(bytes) {
  return JSON.parse(DECODER.decode(bytes));
}
