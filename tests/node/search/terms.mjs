// Words in lower case, one a line, on stdin; on stdout a JSON array for each: the terms of lunr.js, its stem, our stem, our folded form.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { stem } from "../../../templates/static/js/search/stemmer.js";
import { fold } from "../../../templates/static/js/search/words.js";

const lunr = createRequire(import.meta.url)("lunr");
const pipeline = new lunr.Pipeline();
pipeline.add(lunr.trimmer, lunr.stopWordFilter, lunr.stemmer);
const lines = [];
for await (const word of createInterface({ input: process.stdin })) {
  // Of a word of signs alone lunr.js makes an empty term, which nobody can search for.
  const terms = pipeline.run(lunr.tokenizer(word)).map(String).filter((term) => term !== "");
  lines.push(JSON.stringify([terms, lunr.stemmer(new lunr.Token(word, {})).toString(), stem(word), fold(word)]));
}
process.stdout.write(lines.join("\n"));
