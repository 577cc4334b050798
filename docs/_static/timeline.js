/* Filters the timeline by strand, status, years and text. Without this script the list is complete, and its form is not shown.
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

  const form = document.querySelector("form.hb-filter");
  const { q: query, status, from, to } = form.elements;
  const boxes = [...form.querySelectorAll("input[name=strand]")];
  const count = form.querySelector("[role=status]");
  for (const control of [query, status, from, to]) control.value = params.get(control.name) || "";
  const wanted = params.get("strand")?.split(",");
  for (const box of boxes) box.checked = !wanted || wanted.includes(box.value);

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
    count.textContent = count.dataset.words.replace("%(shown)s", sum).replace("%(all)s", total);
    if (!write) return;
    const state = new URLSearchParams();
    if (strands.length !== boxes.length) state.set("strand", strands.join(","));
    for (const control of [status, from, to, query]) if (control.value) state.set(control.name, control.value);
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
  form.addEventListener("reset", () => setTimeout(show));
  show(false);
})();
