// Prints what caniemail finds in a mail: for each thing that a program of the four families does not know, the names of those programs.
import { readFileSync } from "node:fs";
import { caniemail } from "caniemail";

const html = readFileSync(process.argv[2], "utf-8");
const { issues } = caniemail({ clients: ["gmail.*", "outlook.*", "apple-mail.*", "yahoo.*"], html });
const found = {};
for (const [client, errors] of issues.errors) for (const { title } of errors) (found[title] ??= new Set()).add(client);
console.log(JSON.stringify(Object.fromEntries(Object.entries(found).map(([title, clients]) => [title, [...clients].sort()]))));
