"use strict";
// The first page of a written site: finds names, and answers "is X a Y" by verdicts that were written with it.
(() => {
  const { things, verdicts, answers } = window.pharmakon;
  const words = { y: ["yes", "● yes"], n: ["no", "✕ no"], u: ["unknown", "◌ not known"], c: ["contradicted", "⚡ contradicted"] };
  const field = document.getElementById("q"), found = document.getElementById("found"), place = document.getElementById("lookup");
  const plain = (text) => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " ").trim();
  const single = (text) => text.replace(/ies$/, "y").replace(/([^s])s$/, "$1");
  const called = ([label, , , names]) => [label, ...names].map(plain);
  const named = (text, kind) => things.find((t) => t[1] === kind && [plain(text), single(plain(text))].some((w) => called(t).includes(w)));
  const drugs = things.filter((t) => t[1] === "drug");
  const bare = (text) => text.replace(/^(an?|the|any|every|all|each)\s+/i, "");
  function asked(text) {
    const match = /^\s*(?:is|are|was|were)\s+(.+?)\s*\??\s*$/i.exec(text), parts = match ? match[1].split(/\s+/) : [];
    for (let i = 1; i < parts.length; i++) {
      const drug = named(bare(parts.slice(0, i).join(" ")), "drug"), cls = named(bare(parts.slice(i).join(" ")), "class");
      if (drug && cls) return [drug, cls];
    }
    return null;
  }
  function item(...parts) {
    const li = document.createElement("li");
    li.append(...parts);
    return li;
  }
  function link(text, file) {
    if (!file) return text;
    const a = document.createElement("a");
    a.textContent = text;
    a.href = file.split("/").map(encodeURIComponent).join("/");
    return a;
  }
  function span(text, name) {
    const s = document.createElement("span");
    s.textContent = text;
    s.className = name;
    return s;
  }
  const quoted = (name) => (/^[\w.:-]+$/.test(name) ? name : `'${name.replaceAll("'", `'"'"'`)}'`);
  const address = (name) => encodeURIComponent(name).replaceAll("%3A", ":").replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  function answer([drug, cls]) {
    const lines = verdicts[cls[0]].map(([sense, letters]) => {
      const [name, text] = words[letters[drugs.indexOf(drug)]];
      return item(span(text, `ph-v ph-${name}`), ` ${drug[0]}: ${sense}`);
    });
    const file = answers[`/ask?subject=${address(drug[0])}&class=${address(cls[0])}`];
    const command = document.createElement("code");
    command.textContent = `pharmakon ask ${quoted(drug[0])} ${quoted(cls[0])}`;
    lines.push(file ? item(link("The proof", file)) : item("The proof is not written in this site. It is told by ", command));
    lines.push(item(link(drug[0], drug[2]), " · ", link(cls[0], cls[2])));
    return lines;
  }
  field.addEventListener("input", () => {
    const typed = plain(field.value), pair = asked(field.value);
    if (pair) return found.replaceChildren(...answer(pair));
    const fits = typed ? things.filter((t) => called(t).some((name) => name.startsWith(typed))).slice(0, 10) : [];
    const command = document.createElement("code");
    command.textContent = "pharmakon ask DRUG CLASS";
    found.replaceChildren(...fits.map((t) => item(link(t[0], t[2]), " ", span(t[1], "soft"))), ...(typed && !fits.length ? [item("Nothing here is called so. Other questions are answered by ", command, " and by pharmakon serve.")] : []));
  });
  place.hidden = false;
})();
