// @ts-check
// Pieces by their address: each is fetched once, inflated and kept. One that is missing or torn is asked for once more, then it is an error.

/** An index, or a piece of it, that could not be had. */
export class SearchError extends Error {
  /**
   * @param {string} url
   * @param {unknown} cause
   */
  constructor(url, cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    super(`A part of the search index could not be loaded (${url}: ${why}). Check the connection and try again.`, { cause });
    this.name = "SearchError";
    this.url = url;
    this.why = why;
  }
}

/** @typedef {(url: string) => Promise<Response>} Fetch */

export class Pieces {
  /**
   * @param {string} base the address below which the pieces are, with a slash at its end
   * @param {Fetch} fetch
   */
  constructor(base, fetch) {
    this.base = base;
    this.fetch = fetch;
    /** @type {Map<string, Promise<any>>} */
    this.kept = new Map();
  }

  /**
   * Return what a function reads out of a compressed piece.
   * @template T
   * @param {string} path
   * @param {(bytes: Uint8Array) => T} read
   * @param {Uint8Array} [primer] what the piece may refer back into
   * @returns {Promise<T>}
   */
  get(path, read, primer = new Uint8Array()) {
    return this.once(path, async (response) => read(await inflated(await response.arrayBuffer(), primer)));
  }

  /**
   * Return a JSON file that is not compressed.
   * @param {string} path
   * @returns {Promise<any>}
   */
  json(path) {
    return this.once(path, (response) => response.json());
  }

  /**
   * @template T
   * @param {string} path
   * @param {(response: Response) => Promise<T>} read
   * @returns {Promise<T>}
   */
  once(path, read) {
    let found = this.kept.get(path);
    if (!found) {
      found = this.tried(path, read);
      this.kept.set(path, found);
      found.catch(() => this.kept.delete(path)); // the next query asks anew
    }
    return found;
  }

  /**
   * @template T
   * @param {string} path
   * @param {(response: Response) => Promise<T>} read
   * @returns {Promise<T>}
   */
  async tried(path, read) {
    const url = this.base + path;
    const attempt = async () => {
      const response = await this.fetch(url);
      if (!response.ok) throw new Error(`the server answered ${response.status}`);
      return read(response);
    };
    try {
      return await attempt();
    } catch {
      try {
        return await attempt();
      } catch (error) {
        throw new SearchError(url, error);
      }
    }
  }
}

/**
 * Return the bytes of raw deflate. Throws when they are torn.
 *
 * A primer goes before them as a block that is stored as it is (RFC 1951 §3.2.4), and is taken off again.
 * @param {ArrayBuffer} packed
 * @param {Uint8Array} primer
 * @returns {Promise<Uint8Array>}
 */
async function inflated(packed, primer) {
  const size = primer.length;
  const stored = size ? [Uint8Array.of(0, size & 255, size >> 8, ~size & 255, (~size >> 8) & 255), new Uint8Array(primer)] : [];
  const stream = new Blob([...stored, packed]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return new Uint8Array(await new Response(stream).arrayBuffer()).subarray(size);
}
