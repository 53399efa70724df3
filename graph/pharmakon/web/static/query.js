"use strict";
// The editor in the place of the text field; without it the field and its form work as they are.
(async () => {
  const form = document.getElementById("editor"), field = document.getElementById("query");
  if (!window.Yasgui || !form) return;
  const terms = await (await fetch(form.dataset.terms)).json();
  const Yasqe = window.Yasgui.Yasqe;
  Yasqe.defaults.autocompleters = [];
  const own = (kind, found) => Yasqe.forkAutocompleter(kind, { name: `own-${kind}`, bulk: true, autoShow: false, persistenceId: null, get: found });
  own("class", terms.classes);
  own("property", terms.properties);
  own("prefixes", Object.entries(terms.prefixes).map(([prefix, iri]) => `${prefix}: <${iri}>`));
  const place = document.createElement("div");
  field.before(place);
  const send = () => form.requestSubmit();
  const editor = new Yasqe(place, {
    value: field.value,
    persistenceId: null,
    autocompleters: ["variables", "own-prefixes", "own-class", "own-property"],
    showQueryButton: false,
    resizeable: false,
    editorHeight: "auto",
    queryingDisabled: undefined,
    consumeShareLink: null,
    createShareableLink: null,
    extraKeys: { ...Yasqe.defaults.extraKeys, "Ctrl-Enter": send, "Cmd-Enter": send, "Ctrl-S": false, Tab: false, "Shift-Tab": false },
  });
  field.hidden = true;
  field.previousElementSibling.previousElementSibling.removeAttribute("for");
  editor.getInputField().setAttribute("aria-label", "Query");
  form.addEventListener("submit", () => { field.value = editor.getValue(); });
  form.classList.add("ready");
})();
