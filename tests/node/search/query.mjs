// {papers: [{id, field: [terms], …}], queries: [text]} on stdin; on stdout, for each query, the ids that lunr.js finds, sorted; or its error.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const lunr = createRequire(import.meta.url)("lunr");
const { papers, queries } = JSON.parse(readFileSync(0, "utf8"));
const builder = new lunr.Builder();
// The papers come as terms already; a query is only stemmed, as in every index that is loaded.
builder.tokenizer = (text) => text.split(" ").filter(Boolean).map((term) => new lunr.Token(term, {}));
builder.searchPipeline.add(lunr.stemmer);
builder.ref("id");
for (const field of ["title", "authors", "summary", "abstract"]) builder.field(field);
for (const paper of papers) {
  builder.add(Object.fromEntries(Object.entries(paper).map(([name, value]) => [name, Array.isArray(value) ? value.join(" ") : value])));
}
const index = builder.build();
const found = queries.map((query) => {
  try {
    return index.search(query).map((one) => one.ref).sort();
  } catch (error) {
    if (!(error instanceof lunr.QueryParseError)) throw error;
    return error.message;
  }
});
process.stdout.write(JSON.stringify(found));
