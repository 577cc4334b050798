/* Puts two texts of the tables of profiles side by side. Without this script the tables are there, and its form is not shown.
   The choice is in the address, so that a comparison can be shared: ?a=ISO+37120:2018&b=ISO+37122:2019 */
(() => {
  "use strict";
  const form = document.querySelector("form.hb-compare");
  if (!form) return;
  const heads = [...document.querySelector("table.hb-profiles").tHead.rows[0].cells];
  const rows = document.querySelectorAll("table.hb-profiles tbody tr");
  const { a, b } = form.elements;
  const status = form.querySelector("[role=status]");
  const beside = document.createElement("div");
  beside.className = "table-wrapper container";
  beside.hidden = true;
  form.after(beside);
  const params = new URLSearchParams(location.search);
  for (const name of ["a", "b"]) {
    const control = form.elements[name], wanted = params.get(name) || "";
    const option = [...control.options].find((one) => one.value && one.textContent.trim() === wanted);
    if (option) control.value = option.value;
  }
  function cellOf(kind, content) {
    const cell = document.createElement(kind);
    cell.append(...[...content].map((node) => node.cloneNode(true)));
    for (const marked of cell.querySelectorAll("[id]")) marked.removeAttribute("id");
    return cell;
  }
  function show(write = true) {
    const both = Boolean(a.value && b.value);
    beside.hidden = !both;
    beside.replaceChildren();
    status.textContent = "";
    if (both) {
      const made = document.createElement("table");
      made.className = "docutils hb-pair";
      const [first, second] = [rows[a.value], rows[b.value]];
      heads.forEach((head, column) => {
        const row = (column ? made.tBodies[0] || made.createTBody() : made.createTHead()).insertRow();
        row.append(cellOf("th", column ? head.childNodes : [document.createTextNode(form.dataset.point)]));
        row.lastChild.scope = column ? "row" : "col";
        for (const one of [first, second]) {
          row.append(cellOf(column ? "td" : "th", one.cells[column].childNodes));
          if (!column) row.lastChild.scope = "col";
        }
      });
      beside.append(made);
      status.textContent = [first, second].map((one) => one.cells[0].textContent.trim()).join(" – ");
    }
    document.body.classList.toggle("hb-narrowed", both);
    if (!write) return;
    const state = new URLSearchParams();
    for (const control of [a, b]) if (control.value) state.set(control.name, control.options[control.selectedIndex].textContent.trim());
    history.replaceState(null, "", `${location.pathname}${state.size ? "?" + state : ""}${location.hash}`);
  }
  form.addEventListener("input", () => show());
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(show));
  show(false);
})();
