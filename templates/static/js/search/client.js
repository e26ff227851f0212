// @ts-check
// The page's end of the worker: questions go out, the answer to the last of them comes back.
import { _ } from "../words.js";

/** @typedef {import("./engine.js").Found} Found */
/** @typedef {{found: (found: Found) => void, failed: (why: string) => void, slow: () => void}} Listener */

/**
 * Start the worker.
 * @param {string} root the site's root, absolute, with a slash at its end
 * @param {Listener} listener
 */
export function connect(root, listener) {
  const place = new URL("worker.js", import.meta.url);
  /** @type {Worker | null} */
  let worker = null;
  let last = 0;

  function start() {
    const started = new Worker(place, { type: "module" });
    started.postMessage({ root }); // not in its address: a service worker that answers for it takes the fragment away
    started.addEventListener("message", ({ data }) => {
      if (data.slow) listener.slow();
      else if (data.id !== last) return; // the reader has asked something else since
      else if (data.error === undefined) listener.found(data.found);
      else if (data.lost) listener.failed(_("A part of the search index could not be loaded ({place}). Check the connection and try again.", { place: data.lost }));
      else listener.failed(data.error);
    });
    started.addEventListener("error", (event) => {
      event.preventDefault();
      worker = null; // the next question starts another
      listener.failed(_("The search program could not be loaded."));
    });
    return started;
  }

  return {
    /** Load the index before anything is asked. */
    warm() {
      worker ??= start();
      worker.postMessage({});
    },
    /**
     * @param {string} query
     * @param {object} options
     */
    ask(query, options) {
      worker ??= start();
      worker.postMessage({ id: ++last, query, options });
    },
    /** Let the worker go. */
    end() {
      worker?.terminate();
      worker = null;
    },
    /** Drop the answer that is under way. */
    forget() {
      last++;
    },
  };
}
