// @ts-check
// The engine in a thread of its own, so that typing never waits for it. Told: {root}; asked: {id, query, options};
// answers {id, found}, {id, error, lost}, {slow}.
import { open } from "./engine.js";
import { SearchError } from "./pieces.js";

const SLOW_MS = 3000;
let root = "";

/** @type {Promise<import("./engine.js").Engine> | null} */
let engine = null;

/**
 * Fetch a piece of the index, and say so when it takes long.
 * @param {string} url
 */
async function fetched(url) {
  const timer = setTimeout(() => self.postMessage({ slow: true }), SLOW_MS);
  try {
    return await fetch(url);
  } finally {
    clearTimeout(timer);
  }
}

/** @returns {Promise<import("./engine.js").Engine>} the engine; one that could not be opened is opened anew the next time */
function opened() {
  engine ??= open(root, { fetch: fetched }).catch((error) => {
    engine = null;
    throw error;
  });
  return engine;
}

/** @type {{id: number, query: string, options: object} | null} */
let waiting = null;
let isBusy = false;

async function answer() {
  isBusy = true;
  while (waiting) {
    const { id, query, options } = waiting;
    waiting = null;
    try {
      self.postMessage({ id, found: await (await opened()).search(query, options) });
    } catch (error) {
      const lost = error instanceof SearchError ? `${error.url}: ${error.why}` : "";
      self.postMessage({ id, error: error instanceof Error ? error.message : String(error), lost });
    }
  }
  isBusy = false;
}

self.addEventListener("message", ({ data }) => {
  if (data.root !== undefined) {
    root = data.root;
    return;
  }
  if (data.id === undefined) {
    opened().catch(() => {}); // the question that follows tells of it
    return;
  }
  waiting = data; // of questions asked meanwhile only the last one is answered
  if (!isBusy) answer();
});
