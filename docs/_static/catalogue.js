/* Sorts and filters the full catalogue table. Without this script the table is complete and in order, and its form is not shown.
   The state is in the address, so that a filtered view can be linked:
   ?q=mobility&status=published&committee=...&family=...&year=2024&sort=published&dir=down */
(() => {
  "use strict";
  const table = document.querySelector("table.hb-catalogue.hb-wide");
  if (!table) return;
  const body = table.tBodies[0];
  const heads = [...table.tHead.rows[0].cells];
  const names = ["reference", "title", "committee", "status", "published"];
  // A line above each family, which moves with its rows while they are sorted by family.
  const groups = [];
  const rows = [];
  for (const row of body.rows) {
    if (row.classList.contains("hb-group")) {
      groups.push({ row, name: row.textContent.trim(), shown: 0 });
      continue;
    }
    const text = [...row.cells].map((cell) => (cell.querySelector(".hb-badge") || cell).textContent.trim());
    const stage = row.cells[3].querySelector(".hb-quiet").textContent;
    const time = row.cells[4].querySelector("time");
    const date = time ? time.dateTime : "", group = groups.at(-1), family = group ? group.name : "";
    rows.push({ row, order: rows.length, group, family, text, date, stage, year: date.slice(0, 4), all: [...text, stage, family].join(" ").toLowerCase() });
  }
  const params = new URLSearchParams(location.search);

  const form = document.querySelector("form.hb-filter");
  const { q: query, status, committee, family, year } = form.elements;
  const controls = { q: query, status, committee, family, year };
  const count = form.querySelector("[role=status]");
  for (const [name, control] of Object.entries(controls)) control.value = params.get(name) || "";

  // Old addresses may name the stage, which once had its own column.
  const asked = params.get("sort") === "stage" ? "status" : params.get("sort");
  let sort = names.includes(asked) ? asked : "";
  let down = params.get("dir") === "down";
  heads.forEach((head, index) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.firstElementChild.childNodes);
    head.firstElementChild.replaceChildren(button);
    button.addEventListener("click", () => {
      down = sort === names[index] && !down;
      sort = names[index];
      show();
    });
  });

  const key = (entry) => {
    if (sort === "status") return entry.stage;
    if (sort === "published") return entry.date || "9999";
    if (sort === "reference") return entry.text[0].replace(/^\D+/, "").padStart(24, "0");
    return entry.text[names.indexOf(sort)];
  };
  function show(write = true) {
    const words = query.value.toLowerCase().split(/\s+/).filter(Boolean);
    // Filtering or sorting shows withdrawn texts, too.
    const asked = Object.values(controls).some((control) => control.value);
    table.classList.toggle("hb-asked", asked || Boolean(sort));
    let shown = 0;
    for (const group of groups) group.shown = 0;
    for (const entry of rows) {
      const fits = words.every((word) => entry.all.includes(word)) && (!status.value || entry.text[3] === status.value) &&
        (!committee.value || entry.text[2] === committee.value) && (!family.value || entry.family === family.value) &&
        (!year.value || entry.year === year.value);
      const here = fits && (asked || Boolean(sort) || !entry.row.classList.contains("hb-gone"));
      entry.row.hidden = !fits;
      shown += here;
      if (here && entry.group) entry.group.shown += 1;
    }
    for (const group of groups) group.row.hidden = Boolean(sort) || !group.shown;
    const ordered = [...rows].sort((a, b) => {
      if (!sort) return a.order - b.order;
      const way = key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0;
      return (down ? -way : way) || a.order - b.order;
    });
    const lines = [];
    for (const entry of ordered) {
      if (!sort && entry.group && !lines.includes(entry.group.row)) lines.push(entry.group.row);
      lines.push(entry.row);
    }
    if (sort) lines.push(...groups.map((group) => group.row));
    if (lines.some((line, place) => line !== body.rows[place])) body.append(...lines);
    heads.forEach((head, index) => {
      if (names[index] === sort) head.setAttribute("aria-sort", down ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    });
    count.textContent = count.dataset.words.replace("%(shown)s", shown).replace("%(all)s", rows.length);
    if (!write) return;
    const state = new URLSearchParams();
    for (const [name, control] of Object.entries(controls)) if (control.value) state.set(name, control.value);
    if (sort) state.set("sort", sort);
    if (sort && down) state.set("dir", "down");
    history.replaceState(null, "", `${location.pathname}${state.size ? "?" + state : ""}${location.hash}`);
  }
  form.addEventListener("input", () => show());
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => {
    sort = "";
    down = false;
    setTimeout(show);
  });
  show(false);
})();
