/* Adds up the answers of the self-check to what to read next. Without this script the table has all questions, answers
   and texts, and the rule stands below it. Nothing is stored or sent; the answers are in the address: ?a=yn--yyn */
(() => {
  "use strict";
  const form = document.querySelector("form.hb-selfcheck");
  const asked = document.querySelector("table.hb-check");
  const rules = document.querySelector("table.hb-rule");
  // A table may have no rows.
  if (!form || !asked?.tBodies.length || !rules?.tBodies.length) return;
  const words = form.dataset;
  const status = form.querySelector("[role=status]");
  const found = document.querySelector(".hb-found");
  const rows = [...asked.tBodies[0].rows];
  const first = words.first.split(" ").map((number) => number - 1);
  const made = (kind, text = "") => Object.assign(document.createElement(kind), { textContent: text });
  const fill = (text, values) => text.replace(/%\((\w+)\)s/g, (_whole, name) => values[name]);

  const answers = () => rows.map((_row, number) => form.elements[`q${number + 1}`].value);
  function show(write = true) {
    const given = answers();
    const known = given.filter(Boolean).length;
    const yes = given.filter((one) => one === "y").length;
    const whole = known === rows.length;
    for (const row of rules.tBodies[0].rows) {
      const [least, most] = (row.cells[0].textContent.match(/\d+/g) || []).map(Number);
      const mine = whole && yes >= least && yes <= most;
      row.classList.toggle("hb-mine", mine);
      if (mine) row.setAttribute("aria-current", "true");
      else row.removeAttribute("aria-current");
    }
    const mine = rules.querySelector(".hb-mine");
    status.textContent = known ? fill(words.sum, { known, all: rows.length, yes }) : words.begin;
    found.hidden = !known;
    found.replaceChildren();
    if (known) {
      const few = mine === rules.tBodies[0].rows[0];
      const missing = given.flatMap((one, number) => (one === "n" ? [number] : []));
      if (few) missing.sort((a, b) => first.includes(b) - first.includes(a) || a - b);
      found.append(made("h2", whole ? words.result : words.sofar));
      if (mine) {
        const advice = made("p");
        advice.append(...mine.cells[1].cloneNode(true).childNodes);
        found.append(advice);
      }
      const list = made("ol");
      const listed = new Set();
      for (const number of missing) {
        const [question, text] = [rows[number].cells[0].textContent.trim(), rows[number].cells[2].querySelector("a")];
        if (!text || listed.has(text.href)) continue;
        listed.add(text.href);
        const item = made("li");
        item.append(text.cloneNode(true), fill(words.because, { question: question.replace(/^\d+\.\s*/, "") }));
        list.append(item);
      }
      if (!missing.length) found.append(made("p", words.none));
      else if (list.childElementCount) found.append(list);
      for (const marked of found.querySelectorAll("[id]")) marked.removeAttribute("id");
    }
    if (!write) return;
    const state = known ? `?a=${given.map((one) => one || "-").join("")}` : "";
    history.replaceState(null, "", location.pathname + state);
  }
  const told = new URLSearchParams(location.search).get("a") || "";
  rows.forEach((_row, number) => {
    if ("yn".includes(told[number] || "-")) form.elements[`q${number + 1}`].value = told[number];
  });
  document.addEventListener("change", (event) => {
    if (event.target.form === form) show();
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(show));
  form.elements.print.addEventListener("click", () => print());
  show(false);
})();
