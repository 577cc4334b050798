/* Narrows a list of terms or sources, and the tables beside it, to those with the reader's words; the address keeps them: ?q=jianggan.
   The index of all sources is narrowed alone, also by kind and language; the table beside it gives their numbers.
   It shows labels: the titles come from the data once somebody uses the form, so that the page stays small. A page that
   is opened as a file gets no data, and is narrowed by labels.
   Without this script the list is complete, and its form is not shown. */
(() => {
  "use strict";
  const form = document.querySelector("form.hb-in-list");
  if (!form) return;
  const index = document.querySelector(".hb-source-index");
  const entries = [...document.querySelectorAll(".citation-list > .citation, .hb-source-index a")].map((entry) => [entry]);
  for (const list of document.querySelectorAll("dl.glossary")) {
    let group = [];
    for (const part of list.children) {
      group.push(part);
      if (part.tagName === "DD") {
        entries.push(group);
        group = [];
      }
    }
  }
  // A table may have no rows.
  const tables = [...document.querySelectorAll("table.docutils")].filter((table) => table.tBodies.length);
  if (!index) for (const table of tables) entries.push(...[...table.tBodies[0].rows].map((row) => [row]));
  const all = entries.map((parts) => ({ parts, text: parts.map((part) => part.textContent).join(" ").toLowerCase() }));
  const query = form.elements.q, count = form.querySelector("[role=status]");
  const chosen = [...form.querySelectorAll("select")], params = new URLSearchParams(location.search);
  for (const control of [query, ...chosen]) {
    control.value = params.get(control.name) || "";
    if (!control.value) control.value = "";  // an unknown choice shows all
  }
  let titles = !index || location.protocol === "file:" || null;
  let failed = index && titles;
  let shown = 0;
  function say() {
    const words = count.dataset.words.replace("%(shown)s", shown).replace("%(all)s", all.length);
    count.textContent = failed && query.value ? `${words} ${count.dataset.labels}` : words;
  }
  const named = (lang, words) => Object.assign(document.createElement("span"), { className: "hb-title", lang, textContent: ` ${words}` });
  function ask() {
    titles ||= fetch(new URL("data/sources.json", new URL(document.documentElement.dataset.content_root || "./", location.href)))
      .then((answer) => (answer.ok ? answer.json() : Promise.reject()))
      .then(({ sources }) => {
        failed = false;
        const known = new Map(sources.map((source) => [`cite-${source.key}`, source]));
        for (const one of all) {
          const source = known.get(one.parts[0].id);
          if (!source) continue;
          const { title, gloss, publisher, date, language } = source;
          // A title in brackets is our description in English, unless it has a gloss.
          const ours = title.startsWith("[") && !gloss;
          one.parts[0].append(named(ours ? "en" : language, title), gloss ? named("en", `[${gloss}]`) : "");
          one.text += ` ${title} ${gloss || ""} ${publisher} ${date || ""}`.toLowerCase();
        }
        show(false);
      })
      .catch(() => {
        titles = null;  // the next word asks again
        failed = true;
        say();
      });
  }
  function show(write = true) {
    const words = query.value.toLowerCase().split(/\s+/).filter(Boolean);
    if (words.length) ask();
    index?.classList.toggle("hb-titled", words.length > 0);
    const wanted = chosen.filter((control) => control.value);
    shown = 0;
    for (const { parts, text } of all) {
      const fits = words.every((word) => text.includes(word)) && wanted.every(({ name, value }) => parts[0].dataset[name] === value);
      for (const part of parts) part.hidden = !fits;
      shown += fits;
    }
    for (const table of tables) {
      const place = table.closest(".table-wrapper") || table;
      const section = table.closest("section");
      if (index) (section.contains(form) ? place : section).hidden = words.length + wanted.length;
      else place.hidden = [...table.tBodies[0].rows].every((row) => row.hidden);
    }
    for (const part of index?.children ?? []) part.hidden = !part.querySelector("a:not([hidden])");
    say();
    if (!write) return;
    const state = new URLSearchParams([...new FormData(form)].filter(([, value]) => value));
    history.replaceState(null, "", `${location.pathname}${state.size ? "?" + state : ""}${location.hash}`);
  }
  form.addEventListener("focusin", ask);
  form.addEventListener("input", () => show());
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(show));
  show(false);
})();
