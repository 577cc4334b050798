/* Filters the timeline by strand, status, years and text. Without this script the list is complete.
   The state stands in the address: ?strand=club,hangzhou&status=disputed&from=2016&to=2019&q=secretariat */
(() => {
  "use strict";
  const lists = [...document.querySelectorAll("ol.hb-timeline")];
  if (!lists.length) return;
  const years = lists.map((list) => {
    const head = list.previousElementSibling;
    const year = Number((head.id.match(/^year-(\d+)/) || [])[1]);
    const items = [...list.children].map((item) => ({
      item,
      strands: item.dataset.strands.split(" "),
      status: item.dataset.status,
      text: item.textContent.toLowerCase(),
      shown: true,
    }));
    return { list, head, year, items };
  });
  const total = years.reduce((sum, year) => sum + year.items.length, 0);
  const params = new URLSearchParams(location.search);
  const names = new Map();
  for (const { items } of years) {
    for (const { item, strands, status } of items) {
      for (const strand of strands) if (!names.has(strand)) names.set(strand, item.querySelector(`.hb-strand-${strand}`)?.textContent || strand);
      if (!names.has(status)) names.set(status, item.querySelector(`.hb-status-${status}`)?.textContent || status);
    }
  }
  const order = ["committee", "standards", "club", "hangzhou", "neighbours"];
  const present = order.filter((strand) => names.has(strand));
  const statuses = ["happened", "announced", "planned", "disputed"].filter((status) => names.has(status));

  const form = document.createElement("form");
  form.className = "hb-filter";
  form.setAttribute("role", "search");
  form.setAttribute("aria-label", "Filter the timeline");
  const labelled = (parent, label, control, after = false) => {
    const box = document.createElement("label");
    box.append(...(after ? [control, label] : [label, control]));
    parent.append(box);
    return control;
  };
  const input = (type, name, value) => Object.assign(document.createElement("input"), { type, name, value });
  const field = document.createElement("fieldset");
  field.append(Object.assign(document.createElement("legend"), { textContent: "Strands" }));
  const wanted = params.get("strand") ? params.get("strand").split(",") : present;
  const boxes = present.map((strand) => {
    const box = labelled(field, names.get(strand), input("checkbox", "strand", strand), true);
    box.checked = wanted.includes(strand);
    return box;
  });
  form.append(field);
  const query = labelled(form, "Text ", input("search", "q", params.get("q") || ""));
  const status = labelled(form, "Status ", Object.assign(document.createElement("select"), { name: "status" }));
  status.append(new Option("all", ""), ...statuses.map((value) => new Option(names.get(value), value)));
  status.value = params.get("status") || "";
  const from = labelled(form, "From year ", input("number", "from", params.get("from") || ""));
  const to = labelled(form, "To year ", input("number", "to", params.get("to") || ""));
  from.placeholder = String(years[0].year);
  to.placeholder = String(years[years.length - 1].year);
  const reset = Object.assign(document.createElement("button"), { type: "button", textContent: "Show all" });
  const count = document.createElement("p");
  count.setAttribute("role", "status");
  form.append(reset, count);
  years[0].head.before(form);

  const show = (write = true) => {
    const strands = boxes.filter((box) => box.checked).map((box) => box.value);
    const words = query.value.toLowerCase().split(/\s+/).filter(Boolean);
    const first = Number(from.value) || -Infinity;
    const last = Number(to.value) || Infinity;
    let sum = 0;
    for (const year of years) {
      const inside = year.year >= first && year.year <= last;
      let here = 0;
      for (const entry of year.items) {
        const fits = inside && (!status.value || entry.status === status.value) &&
          entry.strands.some((strand) => strands.includes(strand)) && words.every((word) => entry.text.includes(word));
        if (fits) here += 1;
        if (fits !== entry.shown) entry.item.hidden = !(entry.shown = fits);
      }
      const empty = !here;
      if (year.list.hidden !== empty) year.list.hidden = year.head.hidden = empty;
      sum += here;
    }
    count.textContent = `${sum} of ${total} shown`;
    if (!write) return;
    const state = new URLSearchParams();
    if (strands.length !== present.length) state.set("strand", strands.join(","));
    if (status.value) state.set("status", status.value);
    if (from.value) state.set("from", from.value);
    if (to.value) state.set("to", to.value);
    if (query.value) state.set("q", query.value);
    history.replaceState(null, "", `${location.pathname}${state.size ? "?" + state : ""}${location.hash}`);
  };
  /* The marks of the picture: name and address come from the list. */
  const items = years.flatMap((year) => year.items.map((entry) => entry.item));
  const storyOf = (event) => {
    const mark = event.target.closest("[data-entry]");
    const item = mark && items[mark.dataset.entry];
    return { mark, date: item?.querySelector(".hb-date"), link: item?.querySelector(".hb-date ~ a") };
  };
  for (const picture of document.querySelectorAll(".hb-overview")) {
    picture.addEventListener("pointerover", (event) => {
      const { mark, date, link } = storyOf(event);
      if (!date || mark.querySelector("title")) return;
      const title = document.createElementNS(mark.namespaceURI, "title");
      title.textContent = `${date.textContent}: ${(link || date.nextElementSibling).textContent}`;
      mark.prepend(title);
      if (link) mark.style.cursor = "pointer";
    });
    picture.addEventListener("click", (event) => storyOf(event).link?.click());
  }
  let waiting = 0;
  form.addEventListener("input", () => {
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(() => show());
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  reset.addEventListener("click", () => {
    boxes.forEach((box) => { box.checked = true; });
    query.value = status.value = from.value = to.value = "";
    show();
  });
  show(false);
})();
