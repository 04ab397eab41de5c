// Makes the tables of src/base/text/ anew from OpenCC's dictionaries.
//
//   node scripts/tables.mjs DICTIONARIES
//
// DICTIONARIES holds STPhrases.txt, STCharacters.txt and so on: the folder `dicts` of the crate
// opencc-fmmseg, whose forms are those that readers expect (裡 麵 為, not 裏 麪 爲). What changes
// is told in NOTICE; change it there too.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";

const folder = process.argv[2];
const text = new URL("../src/base/text/", import.meta.url);

/** The rows of a dictionary, in order of their keys, which comments have none of. */
function rows(name) {
  return readFileSync(`${folder}/${name}.txt`, "utf8")
    .split(/\r?\n/)
    .filter((line) => line.includes("\t") && !line.startsWith("#"))
    .map((line) => line.split("\t"))
    .map(([key, values]) => ({ key, values: values.trim().split(" ") }))
    .sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)));
}

function write(name, lines) {
  writeFileSync(new URL(name, text), lines.map((line) => line + "\n").join(""));
}

/** Characters keep all their candidates: `check --scripts` shows them. */
function characters(name) {
  const all = rows(name);
  write(`convert/tables/${name}.txt`, all.map(({ key, values }) => `${key}\t${values.join(" ")}`));
  return new Map(all.map(({ key, values }) => [key, values[0]]));
}

/** A phrase that is converted as its characters are needs no value. */
function phrases(name, characters) {
  const line = ({ key, values }) => {
    const plain = [...key].map((c) => characters.get(c) ?? c).join("");
    return plain === values[0] ? key : `${key}\t${values[0]}`;
  };
  write(`convert/tables/${name}.txt`, rows(name).map(line));
}

/** The pairs that `fold` uses: first candidates, each followed to its end. */
function pairs(characters) {
  const end = (c) => (characters.has(c) && characters.get(c) !== c ? end(characters.get(c)) : c);
  const all = [...characters.keys()].filter((c) => end(c) !== c).map((c) => c + end(c));
  const line = (at) => all.slice(at, at + 24).join(" ");
  write("fold/pairs.txt", all.map((_, at) => at).filter((at) => at % 24 === 0).map(line));
}

mkdirSync(new URL("convert/tables", text), { recursive: true });
for (const name of ["ST", "TS"]) {
  const single = characters(`${name}Characters`);
  phrases(`${name}Phrases`, single);
  if (name === "TS") {
    pairs(single);
  }
}
for (const region of ["TW", "HK"]) {
  const there = characters(`${region}Variants`);
  phrases(`${region}VariantsPhrases`, there);
  phrases(`${region}Phrases`, there);
  const back = characters(`${region}VariantsRev`);
  phrases(`${region}VariantsRevPhrases`, back);
  phrases(`${region}PhrasesRev`, back);
}
