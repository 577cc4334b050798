/* Filters a table of records and its map together. Without this script both are complete, and the form is not shown.
   The state is in the address, so that a filtered view can be linked: ?kind=certificate&standard=ISO+37120 */
(() => {
  "use strict";
  const table = document.querySelector("table.hb-filtered");
  const form = document.querySelector("form.hb-filter");
  if (!table || !form) return;
  const columns = form.elements.kind ? { kind: 1, standard: 2 } : { standard: 0, country: 1 };
  const controls = Object.keys(columns).map((name) => form.elements[name]);
  const count = form.querySelector("[role=status]");
  // a place with several standings has several rows, and its address is on the first
  let id = "";
  const rows = [...table.tBodies[0].rows].map((row) => {
    id = row.id || id;
    return { row, id, text: [...row.cells].map((cell) => cell.textContent.trim()) };
  });
  const marks = [...document.querySelectorAll(".hb-map [data-rows]")].map((mark) => ({
    mark,
    ids: mark.dataset.rows.split(" "),
    number: mark.querySelector(".hb-map-number") || mark.querySelector("text"),
    always: Boolean(mark.querySelector(".hb-map-number")),
  }));
  const fits = (text, wanted) => !wanted || text === wanted || (text.startsWith(wanted) && /^[:,/ ，：；（]/.test(text.slice(wanted.length)));

  const params = new URLSearchParams(location.search);
  for (const control of controls) {
    const wanted = params.get(control.name) || "";
    if ([...control.options].some((option) => option.value === wanted)) control.value = wanted;
  }
  function show(write = true) {
    const seen = new Set();
    let shown = 0;
    for (const entry of rows) {
      const here = controls.every((control) => fits(entry.text[columns[control.name]], control.value));
      entry.row.hidden = !here;
      shown += here;
      if (here) seen.add(entry.id);
    }
    for (const { mark, ids, number, always } of marks) {
      const left = ids.filter((one) => seen.has(one)).length;
      mark.toggleAttribute("hidden", !left);
      number.textContent = left > 1 || always ? left : "";
    }
    for (const part of document.querySelectorAll(".hb-map-part")) part.hidden = !part.querySelector("[data-rows]:not([hidden])");
    count.textContent = count.dataset.words.replace("%(shown)s", shown).replace("%(all)s", rows.length);
    if (!write) return;
    const state = new URLSearchParams();
    for (const control of controls) if (control.value) state.set(control.name, control.value);
    history.replaceState(null, "", `${location.pathname}${state.size ? "?" + state : ""}${location.hash}`);
  }
  form.addEventListener("input", () => show());
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(show));
  show(false);
})();
