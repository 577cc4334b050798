/* Narrows the tables of the finder down to one answer. Without this script all tables are there, and its form is not shown.
   The order of each list was made when the page was built. The state is in the address, so that an answer can be
   shared: ?who=city&want=measure&depth=first&country=IT */
(() => {
  "use strict";
  const form = document.querySelector("form.hb-finder");
  if (!form) return;
  const orders = JSON.parse(form.dataset.orders);
  const versions = JSON.parse(form.dataset.versions);
  const depths = JSON.parse(form.dataset.depths);
  const { who, want, depth, country } = form.elements;
  const controls = [who, want, depth, country];
  const count = form.querySelector("[role=status]");
  const asked = document.querySelector(".hb-for");
  const blocks = [...document.querySelectorAll(".hb-want")].map((block) => {
    const body = block.querySelector("table").tBodies[0];
    const rows = new Map([...body.rows].map((row) => [Number(/hb-text-(\d+)/.exec(row.className)[1]), row]));
    const cells = new Map([...rows].map(([text, row]) => [text, [...row.cells[5].childNodes]]));
    return { block, body, rows, cells, want: block.querySelector("[id^=want-]").id.slice(5) };
  });

  const chosen = (control) => control.options[control.selectedIndex].textContent.trim();
  function order(one) {
    const lists = orders[one.want];
    return lists[who.value] || lists[""];
  }
  function show(write = true) {
    const changed = blocks.filter((one) => orders[one.want][who.value]).length;
    const told = who.value ? form.dataset.who : "";
    count.textContent = told.replace("%(changed)s", changed).replace("%(all)s", blocks.length);
    for (const one of blocks) {
      const mine = !want.value || one.want === want.value;
      one.block.hidden = !mine;
      if (!mine) continue;
      const texts = order(one);
      one.body.append(...texts.map((text) => one.rows.get(text)));
      texts.forEach((text, place) => {
        const row = one.rows.get(text);
        row.hidden = place >= (depths[depth.value] || Infinity);
        const cell = row.cells[5];
        cell.classList.toggle("hb-nil", !country.value && one.cells.get(text)[0].textContent === "–");
        if (!country.value) return cell.replaceChildren(...one.cells.get(text));
        const here = (versions[text] || {})[country.value];
        const line = document.createElement("p");
        line.textContent = here ? here.join(document.documentElement.lang.startsWith("zh") ? "；" : "; ") : form.dataset.none;
        cell.replaceChildren(line);
      });
      if (want.value) {
        const shown = texts.filter((text) => !one.rows.get(text).hidden).length;
        count.textContent = count.dataset.words.replace("%(shown)s", shown).replace("%(all)s", texts.length);
      }
    }
    for (const section of document.querySelectorAll(".hb-wants")) section.hidden = !section.querySelector(".hb-want:not([hidden])");
    document.body.classList.toggle("hb-narrowed", Boolean(want.value));
    asked.hidden = !controls.some((control) => control.value);
    asked.textContent = controls.filter((control) => control.value).map(chosen).join(" · ");
    if (!write) return;
    const state = new URLSearchParams();
    for (const control of controls) if (control.value) state.set(control.name, control.value);
    history.replaceState(null, "", `${location.pathname}${state.size ? "?" + state : ""}${state.size ? "" : location.hash}`);
  }
  const params = new URLSearchParams(location.search);
  for (const control of controls) {
    const value = params.get(control.name) || "";
    if ([...control.options].some((option) => option.value === value)) control.value = value;
  }
  form.addEventListener("input", () => show());
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(show));
  form.elements.print.addEventListener("click", () => print());
  show(false);
})();
