"use strict";
// Suggestions as one types: what the server knows, in a list of the browser's own.
for (const input of document.querySelectorAll("input[data-suggest^='/']")) {
  const list = document.createElement("datalist");
  list.id = `${input.id}-names`;
  input.after(list);
  input.setAttribute("list", list.id);
  input.addEventListener("input", async () => {
    const typed = input.value;
    await new Promise((resolve) => setTimeout(resolve, 80));
    if (typed !== input.value || !typed.trim()) return;
    const join = input.dataset.suggest.includes("?") ? "&" : "?";
    const answer = await fetch(`${input.dataset.suggest}${join}q=${encodeURIComponent(typed)}`);
    if (!answer.ok || typed !== input.value) return;
    list.replaceChildren(...(await answer.json()).map(({ text, kind }) => new Option(kind, text)));
  });
}
// The score of a quiz: the first answer that is opened under a question counts.
const score = document.querySelector(".score");
if (score) {
  const questions = [...document.querySelectorAll(".ph-question")], chosen = new Map();
  document.addEventListener("toggle", ({ target }) => {
    const question = target.closest(".ph-question");
    if (!target.open || !target.dataset.right || chosen.has(question)) return;
    chosen.set(question, target.dataset.right === "yes");
    const right = [...chosen.values()].filter(Boolean).length;
    score.hidden = false;
    score.textContent = `${right} of ${chosen.size} right` + (chosen.size < questions.length ? `, ${questions.length - chosen.size} to go` : ": that was the last");
  }, true);
}
