/* The timeline: a form filters its list and its picture together; the address keeps the choice. */
(() => {
  "use strict";
  const lists = [...document.querySelectorAll("ol.hb-timeline")];
  if (!lists.length) return;
  const DAY = 864e5;
  /* A publication names the standard of its title. */
  const NUMBER = /\d+(-\d+)*/;
  const dayOf = (text, last) => {
    const parts = /^(\d{4})(?:-(\d\d))?(?:-(\d\d))?$/.exec(text.trim());
    if (!parts) return NaN;
    const [year, month, day] = parts.slice(1).map(Number);
    if (month > 12 || day > 31 || month === 0 || day === 0) return NaN;
    const end = day ? [year, month - 1, day + 1] : month ? [year, month, 1] : [year + 1, 0, 1];
    return (last ? Date.UTC(...end) : Date.UTC(year, (month || 1) - 1, day || 1)) / DAY - (last ? 1 : 0);
  };
  const dateOf = (day) => new Date(Math.round(day) * DAY).toISOString();
  const local = (address) => address.replace(/^(\.\.\/)+/, "");
  const within = (a, b, day) => {
    for (let one = a; one <= b; one += 1) if (dateOf(one).slice(5, 10) === day) return true;
    return false;
  };
  const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

  const entries = [];
  const years = lists.map((list) => ({ list, head: list.previousElementSibling, items: [...list.children].map((item) => {
    const { status, kind, place, about, span, look, given, short } = item.dataset;
    const [date, name, ...rest] = item.firstElementChild.children;
    const strands = rest.map(({ className }) => className.split("hb-strand-")[1]).filter(Boolean);
    const [start, end = start] = span ? span.split(",").map(Number) : [dayOf(date.dateTime, false), dayOf(date.dateTime, true)];
    const href = name.getAttribute("href");
    const looks = look ? look.split(" ") : date.dateTime?.length === 10 ? ["point"] : [];
    const others = rest.filter((one) => one.dateTime).map(({ dateTime }) => [dayOf(dateTime, false), dayOf(dateTime, true)]);
    if (given) others.push(...given.split(" ").map((one) => one.split(",").map(Number)));
    /* Dates known to the day, according to any source: a month is on none of its days. */
    const days = others.filter(([a, b = a]) => b === a);
    if (looks.includes("point") || (!date.dateTime && !look && end - start < 31)) days.push([start, end]);
    const number = entries.length;
    entries.push({
      item, number, days, status: status || "happened", start, end, title: name.textContent, when: date.textContent, href, page: local(href || "").split("#")[0].replace(/(\.html|\/)$/, ""), strands,
      kind: kind || "event", place: (place || "").toLowerCase(), about: about ? about.split("|") : kind === "publication" ? [`ISO ${NUMBER.exec(name.textContent)?.[0]}`] : [], shown: true, label: short || name.textContent,
      looks, given: others, precision: looks.includes("point") ? "day" : { 4: "year", 7: "month" }[date.dateTime?.length] || looks.find((one) => one === "month" || one === "year") || "span",
      weight: (short ? 4 : 0) + strands.length + rest.reduce((sum, one) => sum + one.childElementCount, 0) - (kind === "publication" ? 3 : 0),
    });
    return entries[number];
  }) }));
  const inOrder = [...entries].sort((a, b) => a.start - b.start || a.number - b.number);
  const params = new URLSearchParams(location.search);
  const form = document.querySelector("form.hb-filter");
  const chosen = ["status", "kind", "precision", "about", "page", "place", "day", "q"];
  const fields = [...chosen, "from", "to"].map((name) => form.elements[name]).filter(Boolean);
  const value = (name) => (form.elements[name] ? form.elements[name].value.trim() : "");
  const boxes = [...form.querySelectorAll("input[name=strand]")];
  const count = form.querySelector("[role=status]");
  for (const control of fields) control.value = params.get(control.name) || "";
  const wanted = params.get("strand")?.split(",");
  for (const box of boxes) box.checked = !wanted || wanted.includes(box.value);

  /* What the entries name, and so often that a calendar is made of it. */
  const often = {};
  const names = {};
  for (const [name, least, of] of [["about", 3, ({ about }) => about], ["place", 3, ({ item }) => item.dataset.place?.split("|") || []], ["page", 2, ({ page }) => (page ? [page] : [])]]) {
    const sums = new Map();
    for (const one of entries.flatMap(of)) sums.set(one, (sums.get(one) || 0) + 1);
    names[name] = [...sums.keys()].sort();
    often[name] = names[name].filter((one) => sums.get(one) >= least);
    const list = document.createElement("datalist");
    list.id = `hb-${name}s`;
    list.append(...(name === "page" ? often : names)[name].map((one) => new Option(one)));
    form.append(list);
  }

  let picture = null;
  /* The events shown of each strand, by date. */
  const lanes = new Map();
  /* All filters except the years, which the picture sets by its window. */
  const filter = () => {
    lanes.clear();
    const strands = boxes.filter((box) => box.checked).map((box) => box.value);
    const words = value("q").toLowerCase().split(/\s+/).filter(Boolean);
    /* A known name is meant exactly: ISO 37155 is not ISO 37155-1. */
    const about = value("about").toLowerCase();
    const whole = names.about.some((one) => one.toLowerCase() === about);
    const [place, kind, page, precision] = [value("place").toLowerCase(), value("kind"), value("page"), value("precision")];
    for (const lane of strands) lanes.set(lane, []);
    for (const entry of inOrder) {
      entry.lane = entry.strands.find((strand) => strands.includes(strand));
      entry.fits = (!value("status") || entry.status === value("status")) && (!kind || entry.kind === kind || (kind === "event" && entry.kind === "meeting")) && entry.page.includes(page) &&
        (!precision || entry.precision === precision || (precision === "uncertain" && entry.looks.includes("faded"))) &&
        (!about || entry.about.some((one) => (whole ? one.toLowerCase() === about : one.toLowerCase().includes(about)))) && (!place || entry.place.includes(place)) && !!entry.lane &&
        (!value("day") || entry.days.some(([a, b = a]) => within(a, b, value("day")))) &&
        words.every((word) => (entry.text ??= entry.item.textContent.toLowerCase()).includes(word));
      if (entry.fits) lanes.get(entry.lane).push(entry);
    }
    return strands;
  };
  /* If a single field filters the timeline, there is a calendar for that selection. */
  const line = form.querySelector(".hb-subscribe");
  const offer = (strands) => {
    const some = chosen.filter((name) => value(name));
    if (strands.length === 1) some.push("strand");
    const [kind] = some;
    const what = kind === "strand" ? strands[0] : kind && value(kind);
    line.hidden = some.length > 1 || (kind ? kind !== "strand" && !often[kind]?.includes(what) : strands.length !== boxes.length);
    const name = kind ? `timeline/${`${kind}-${what}`.replace(/[^\p{L}\p{N}]+/gu, "-").toLowerCase()}` : "milestones";
    for (const link of line.querySelectorAll("[data-ending]")) link.href = `${document.documentElement.dataset.content_root}data/${name}.${link.dataset.ending}`;
    const [calendar] = line.children;
    const program = line.querySelector(".hb-webcal");
    /* Pages opened from a folder have no calendar to subscribe to. */
    program.hidden = location.protocol === "file:";
    program.href = calendar.href.replace(/^https?/, "webcal");
    line.querySelector("input").value = calendar.href;
  };
  /* The years above the list say so if nothing of theirs is shown. */
  const bar = document.querySelector(".hb-letters");
  const note = document.createElement("span");
  note.role = "status";
  bar?.append(note);
  const linkTo = (head) => bar?.querySelector(`[href="#${head.id}"]`);
  bar?.addEventListener("click", (event) => {
    if (event.target.ariaDisabled !== "true") return;
    event.preventDefault();
    note.textContent = line.dataset.none.replace("%s", event.target.textContent);
  });
  const show = (write = true) => {
    note.textContent = "";
    const strands = filter();
    const first = dayOf(value("from"), false);
    const last = dayOf(value("to"), true);
    let sum = 0;
    for (const entry of entries) {
      const fits = entry.fits && !(entry.end < first) && !(entry.start > last);
      sum += fits;
      if (fits !== entry.shown) entry.item.hidden = !(entry.shown = fits);
    }
    for (const { list, head, items } of years) {
      const empty = !items.some(({ shown }) => shown);
      if (list.hidden === empty) continue;
      list.hidden = head.hidden = empty;
      linkTo(head)?.setAttribute("aria-disabled", empty);
    }
    offer(strands);
    const wrong = ["from", "to", "day"].map((name) => form.elements[name]).filter((control) => control.value.trim() &&
      (control.name === "day" ? Number.isNaN(dayOf(`2000-${value("day")}`)) || value("day").length !== 5 : Number.isNaN(dayOf(control.value))));
    for (const control of fields) control.setAttribute("aria-invalid", wrong.includes(control));
    if (wrong.length) count.textContent = line.dataset.wrong.replace("%s", wrong[0].value);
    else count.textContent = count.dataset.words.replace("%(shown)s", sum).replace("%(all)s", entries.length);
    if (!write) return;
    const state = new URLSearchParams();
    if (strands.length !== boxes.length) state.set("strand", strands.join(","));
    for (const control of fields) if (value(control.name)) state.set(control.name, value(control.name));
    history.replaceState(null, "", `${location.pathname}${state.size ? "?" + state : ""}${location.hash}`);
  };
  let waiting = 0;
  const soon = (event) => {
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(() => {
      show();
      picture?.follow(event);
    });
  };
  form.addEventListener("input", soon);
  form.addEventListener("submit", (event) => event.preventDefault());
  /* Enter leads to what was found; while Chinese is typed, it is a part of typing. */
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || !event.target.matches("input:not([type=checkbox], [readonly])")) return;
    show();
    const list = years.find((year) => !year.list.hidden);
    list?.head.scrollIntoView();
    list?.items.find(({ shown }) => shown).item.querySelector("a").focus({ preventScroll: true });
  });
  form.addEventListener("click", (event) => {
    const { name, value: only } = event.target;
    if (name !== "only") return;
    const alone = boxes.every((box) => box.checked === (box.value === only));
    for (const box of boxes) box.checked = alone || box.value === only;
    soon(event);
  });
  line.querySelector("input").addEventListener("focus", ({ target }) => target.select());
  form.addEventListener("reset", () => setTimeout(soon));
  show(false);

  const frame = document.querySelector(".hb-overview-frame");
  if (!frame) return;
  const words = frame.dataset;
  const SVG = "http://www.w3.org/2000/svg";
  const make = (tag, attributes = {}, parent = null, space = null) => {
    const element = space ? document.createElementNS(space, tag) : document.createElement(tag);
    for (const [name, text] of Object.entries(attributes)) element.setAttribute(name, text);
    if (parent) parent.append(element);
    return element;
  };
  const escape = (text) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
  /* A finger needs more room. */
  const ROW = matchMedia("(pointer: coarse)").matches ? 24 : 17;
  const NAME = ROW + 2, MARK = 11, GAP = 3, HEAD = 20, EDGE = 8, STRIP = 34;
  const home = [Number(words.first), Number(words.last)];
  const whole = [Math.min(home[0], ...entries.map((entry) => entry.start)), Math.max(home[1], ...entries.map((entry) => entry.end + 1))];
  const strands = boxes.map((box) => ({ name: box.value, title: box.parentElement.textContent.trim() }));
  const shapes = JSON.parse(words.shapes);

  const tools = make("div", { class: "hb-lens-tools", role: "group", "aria-label": words.tools });
  const button = (text, act, label = "") => {
    const one = make("button", { type: "button", ...(label && { "aria-label": label, title: label }) }, tools);
    one.textContent = text;
    one.addEventListener("click", act);
    return one;
  };
  const svg = make("svg", { class: "hb-lens", role: "group", "aria-label": `${words.title}. ${words.help}` }, null, SVG);
  const stage = make("g", {}, svg, SVG);
  const strip = make("svg", { class: "hb-strip" }, null, SVG);
  frame.classList.add("hb-live");
  /* Gestures go on beyond the edges of the picture. */
  const pane = make("div", { class: "hb-pane" });
  const pen = make("canvas").getContext("2d");
  pane.append(svg, pen.canvas);
  frame.prepend(tools, pane, strip);

  let [from, to] = home;
  let width = 0;
  let active = null;
  let rows = [];
  let drawnFor = to - from;
  let font = "";
  /* Whether drawing is too slow for sixty times a second. */
  let dear = false;
  const lengths = new Map();
  const lengthOf = (text) => {
    if (!lengths.has(text)) lengths.set(text, Math.ceil(pen.measureText(text).width));
    return lengths.get(text);
  };
  const at = (day) => ((day - from) / (to - from)) * width;
  /* Chinese characters are twice as wide. */
  const clip = (text) => {
    const most = /[\u2e80-\uffff]/.test(text) ? 26 : 44;
    return text.length > most ? `${text.slice(0, most - 2).trimEnd()}…` : text;
  };

  /* All marks come first, then labels by weight. */
  const laid = (lane, here, most, share) => {
    const taken = [];
    const size = width + 2 * MARK;
    const free = (row, left, right) => {
      if (!taken[row]) taken[row] = new Uint8Array(size);
      const end = Math.min(right, size);
      for (let x = Math.max(left, 0); x < end; x += 1) if (taken[row][x]) return false;
      return true;
    };
    const put = (row, left, right) => taken[row].fill(1, clamp(left, 0, size), clamp(right, 0, size));
    const marks = [];
    const over = new Map();
    const place = (entry, label) => {
      let left = at(entry.start);
      let right = at(entry.end + 1);
      if (entry.kind === "publication" && right - left < 5) right = (left = (left + right) / 2 - 2.5) + 5;
      else if (entry.kind !== "publication" && right - left < MARK) right = (left = (left + right) / 2 - MARK / 2) + MARK;
      const text = label ? clip(entry.label) : "";
      const long = text ? lengthOf(text) + 6 : 0;
      const before = text && right + long > width;
      const a = Math.floor(left - (before ? long : 0)) + MARK;
      const b = Math.ceil(right + (before ? 0 : long) + GAP) + MARK;
      if (text && (a < MARK || b > width + MARK + GAP)) return false;
      for (let row = 0; row < most; row += 1) {
        if (!free(row, a, b)) continue;
        put(row, a, b);
        marks.push({ entry, left, right, row, text, before, a: a - MARK, b: b - MARK - GAP });
        return true;
      }
      return false;
    };
    const labelled = new Set();
    if (share) for (const entry of [...here].sort((a, b) => b.weight - a.weight || a.number - b.number).slice(0, share)) if (place(entry, true)) labelled.add(entry);
    for (const entry of here) {
      if (labelled.has(entry) || place(entry, false)) continue;
      const slot = Math.floor(clamp(at((entry.start + entry.end) / 2), 0, width - 1) / 30);
      if (!over.has(slot)) over.set(slot, []);
      over.get(slot).push(entry);
    }
    for (const mark of marks) {
      const a = Math.ceil(mark.right + GAP) + MARK;
      /* Measuring a text takes longer than seeing that three letters have no room. */
      if (mark.text || mark.entry.weight <= 0 || !free(mark.row, a, a + 24)) continue;
      const text = clip(mark.entry.label);
      const b = a + lengthOf(text) + 6;
      if (b < width + MARK && free(mark.row, a, b)) {
        put(mark.row, a, b);
        mark.text = text;
        mark.b = b - MARK;
      }
    }
    /* A finger's width around each mark, as far as its neighbours leave it. */
    const last = [];
    for (const mark of marks.sort((a, b) => a.left - b.left)) {
      const [middle, before] = [(mark.left + mark.right) / 2, last[mark.row]];
      const border = before ? (before.b + mark.a) / 2 : -Infinity;
      if (before) before.far = Math.min(before.far, border);
      [mark.near, mark.far] = [Math.max(middle - 12, border), middle + 12];
      last[mark.row] = mark;
    }
    return { lane, marks, over, rows: taken.length + (over.size ? 1 : 0) };
  };
  const arrange = () => {
    const most = width < 500 ? 6 : 10;
    rows = strands.map((lane) => {
      const mine = lanes.get(lane.name) || [];
      const here = mine.filter((entry) => entry.end + 1 >= from && entry.start <= to);
      /* As many labels as leave room for each mark, or none. */
      let best = laid(lane, here, most, 0);
      for (let share = Math.min(here.length, 200), some = best; share && !best.over.size; share = Math.floor(share / 2)) {
        some = laid(lane, here, most, share);
        if (some.over.size) continue;
        best = some;
        break;
      }
      return { ...best, early: mine.filter((entry) => entry.end + 1 < from).length, late: mine.filter((entry) => entry.start > to).length };
    });
  };

  const monthOf = (time) => new Date(time).toLocaleString(document.documentElement.lang || "en", { month: "short", timeZone: "UTC" });
  const ticks = () => {
    const pixels = width / (to - from);
    const found = [];
    const step = [[365.25 * 20, 20], [365.25 * 10, 10], [365.25 * 5, 5], [365.25 * 2, 2], [365.25, 1]].filter(([days]) => days * pixels > 38).pop();
    const first = new Date(from * DAY).getUTCFullYear();
    for (let year = first; year <= new Date(to * DAY).getUTCFullYear() + 1; year += 1) {
      if (!step || year % step[1] === 0) found.push([Date.UTC(year, 0, 1) / DAY, String(year), true]);
      if (30 * pixels > 34) {
        for (let month = 1; month < 12; month += 1) found.push([Date.UTC(year, month, 1) / DAY, monthOf(Date.UTC(year, month, 1)), false]);
      } else if (91 * pixels > 26) for (const month of [3, 6, 9]) found.push([Date.UTC(year, month, 1) / DAY, "", false]);
    }
    if (7 * pixels > 34) {
      for (let month = new Date(from * DAY).getUTCMonth(); Date.UTC(first, month, 1) / DAY <= to; month += 1) {
        for (const day of [8, 15, 22]) found.push([Date.UTC(first, month, day) / DAY, String(day), false]);
      }
    }
    const shown = found.filter(([day]) => day >= from && day <= to).sort(([a], [b]) => a - b);
    /* The period of the first day, if no tick shows it. */
    const before = 30 * pixels > 34 ? `${7 * pixels > 34 ? `${monthOf(from * DAY)} ` : ""}${first}` : step && String(first - (first % step[1]));
    const named = shown.find(([, text]) => text);
    if (before && !(named && at(named[0]) < 64)) shown.unshift([from, before, true]);
    else if (30 * pixels > 34 && !shown.some(([, , main]) => main)) named[1] += ` ${first}`;
    let written = 0;
    return shown.map(([day, text, main]) => {
      const x = Number(at(day).toFixed(1));
      const end = x + lengthOf(text) + 4;
      const fits = text && x >= written && end < width;
      if (fits) written = end;
      return [x, fits ? text : "", main];
    });
  };
  const paint = ({ entry, left, right, row, text, before, near, far }, top) => {
    const y = top + row * ROW + ROW / 2;
    const { status, looks, kind, item, number } = entry;
    const id = (item.id ||= `t${number}`);
    const classes = ["hb-mark", status !== "happened" && "hb-hollow", status === "disputed" && "hb-disputed", looks.includes("faded") && "hb-faded"];
    const middle = (left + right) / 2;
    const shape = kind === "publication"
      ? `<rect x="${left.toFixed(1)}" y="${y - 6}" width="${(right - left).toFixed(1)}" height="12" rx="1"/>`
      : looks.includes("point") ? `<path d="${shapes[entry.strands[0]]}" transform="translate(${middle.toFixed(1)} ${y})"/>`
        : `<rect x="${left.toFixed(1)}" y="${y - 4}" width="${(right - left).toFixed(1)}" height="8" rx="3"/>`;
    const open = looks.includes("from") ? `<path class="hb-open" d="M${right} ${y}h16m-5-4 5 4-5 4"/>` : looks.includes("to") ? `<path class="hb-open" d="M${left} ${y}h-16m5-4-5 4 5 4"/>` : "";
    const ghosts = entry.given.map(([a, b = a]) => {
      const x = at(a);
      const long = Math.max(at(b + 1) - x, 5);
      return `<path class="hb-ghost" d="M${middle.toFixed(1)} ${y}H${(x + long / 2).toFixed(1)}M${x.toFixed(1)} ${y - 5}h${long.toFixed(1)}v10h${(-long).toFixed(1)}z"/>`;
    }).join("");
    const [edge, end] = [Math.min(near, left), Math.max(far, right)];
    const touch = `<rect class="hb-touch" x="${edge.toFixed(1)}" y="${y - ROW / 2}" width="${(end - edge).toFixed(1)}" height="${ROW}"/>`;
    const label = text && `<text x="${(before ? left - 5 : right + 5).toFixed(1)}" y="${y + 4}"${before ? ' text-anchor="end"' : ""}>${escape(text)}</text>`;
    return `<a href="${escape(entry.href || `#${id}`)}" data-entry="${id}" ${entry === active ? 'tabindex="0"' : 'tabindex="-1" aria-hidden="true"'} aria-label="${escape(`${entry.when}: ${entry.title}`)}" class="${classes.filter(Boolean).join(" ")}">${ghosts}${open}${touch}${shape}${label}</a>`;
  };
  const draw = () => {
    if (!width) return;
    const began = performance.now();
    const control = form.contains(document.activeElement) && document.activeElement;
    const before = control && control.getBoundingClientRect().top;
    arrange();
    /* What is drawn needs no sketch any more. */
    cancelAnimationFrame(frameAsked);
    pane.classList.remove("hb-moving");
    drawnFor = to - from;
    const held = document.activeElement && svg.contains(document.activeElement);
    const drawn = rows.flatMap((row) => row.marks.map((mark) => mark.entry));
    if (!drawn.includes(active)) active = drawn.length ? drawn.reduce((a, b) => ((a.start < from) - (b.start < from) || a.start - b.start) <= 0 ? a : b) : null;
    let y = HEAD;
    const parts = [];
    rows = rows.filter(({ marks, over, early, late }) => marks.length || over.size || early || late);
    for (const row of rows) {
      const { lane, marks, over, rows: high, early, late } = row;
      const top = (row.top = y + NAME);
      const edge = (total, x, anchor, text, day) => total ? `<a href="#" role="button" data-day="${day}" tabindex="-1" aria-hidden="true" class="hb-more"><text x="${x}" y="${y + 13}" text-anchor="${anchor}">${escape(text.replace("%s", total))}</text></a>` : "";
      parts.push(`<g class="hb-lane hb-strand-${lane.name}"><path class="hb-line" d="M0 ${y}H${width}"/><text class="hb-name" x="2" y="${y + 13}">${escape(lane.title)}</text>`,
        edge(early, lengthOf(lane.title) + 26, "start", `‹ ${words.earlier}`, "-1"), edge(late, width - 2, "end", `${words.later} ›`, "1"),
        ...marks.map((mark) => paint(mark, top)),
        ...[...over].map(([slot, some]) => `<a href="#" role="button" data-from="${Math.min(...some.map((one) => one.start))}" data-to="${Math.max(...some.map((one) => one.end + 1))}" tabindex="-1" aria-hidden="true" class="hb-more" aria-label="${escape(words.more.replace("%s", some.length))}"><rect x="${slot * 30 + 1}" y="${top + (high - 1) * ROW + 1}" width="27" height="${ROW - 2}" rx="7"/><text x="${slot * 30 + 14.5}" y="${top + (high - 0.5) * ROW + 4}" text-anchor="middle">+${some.length}</text></a>`), "</g>");
      y = top + Math.max(high, 1) * ROW + 6;
    }
    const grid = ticks().map(([x, text, main]) => `<path class="hb-line${main ? "" : " hb-thin"}" d="M${x} ${main ? 2 : HEAD - 4}V${y}"/>${text && `<text class="hb-tick" x="${x + 4}" y="13">${text}</text>`}`);
    svg.setAttribute("viewBox", `0 0 ${width} ${y}`);
    svg.style.height = `${y}px`;
    stage.innerHTML = `<g aria-hidden="true">${grid.join("")}</g>${parts.join("")}`;
    if (held && active) markOf(active)?.focus({ preventScroll: true });
    drawStrip();
    dear = drawn.length > 600 || performance.now() - began > 8;
    if (control) scrollBy(0, control.getBoundingClientRect().top - before);
  };
  /* While a gesture lasts, a crowded picture is drawn without its links. */
  const sketch = () => {
    const { canvas } = pen;
    const scale = devicePixelRatio;
    if (!pane.classList.contains("hb-moving")) {
      const look = (query) => getComputedStyle(stage.querySelector(query));
      for (const row of rows) {
        row.hue = look(`.hb-strand-${row.lane.name} .hb-name`).fill;
        for (const mark of row.marks) mark.entry.row = mark.row;
      }
      Object.assign(canvas, { width: width * scale, height: svg.clientHeight * scale, ink: getComputedStyle(svg).color, line: look(".hb-line").stroke });
      pen.font = font;
      pane.classList.add("hb-moving");
    }
    pen.setTransform(scale, 0, 0, scale, 0, 0);
    pen.clearRect(0, 0, width, canvas.height);
    const write = (text, x, y, colour) => {
      pen.fillStyle = colour;
      pen.fillText(text, x, y);
    };
    for (const [x, text, main] of ticks()) {
      write(text, x + 4, 13, canvas.ink);
      pen.fillStyle = canvas.line;
      pen.globalAlpha = main ? 1 : 0.45;
      pen.fillRect(x, main ? 2 : HEAD - 4, 1, canvas.height);
      pen.globalAlpha = 1;
    }
    for (const { lane, marks, top, hue, rows: high } of rows) {
      pen.fillStyle = canvas.line;
      pen.fillRect(0, top - NAME, width, 1);
      pen.font = `600 ${font}`;
      write(lane.title, 2, top - NAME + 13, hue);
      pen.font = font;
      const drawn = [];
      for (const entry of lanes.get(lane.name)) {
        const [a, b] = [at(entry.start), at(entry.end + 1)];
        const tall = entry.kind === "publication" ? 12 : 9;
        const long = Math.max(b - a, tall === 12 ? 5 : 9);
        const row = entry.row < high ? entry.row : entry.number % (high || 1);
        /* A mark that ends where the one before ends would not be seen. */
        if (b < 0 || a > width || b < drawn[row] + 1) continue;
        drawn[row] = b;
        pen.globalAlpha = entry.status === "happened" && !entry.looks.includes("faded") ? 1 : 0.4;
        pen.fillRect((a + b - long) / 2, top + row * ROW + (ROW - tall) / 2, long, tall);
      }
      pen.globalAlpha = 1;
      /* Labels that had room have it as long as nothing comes closer. */
      if (to - from < drawnFor + 1) for (const { entry, row, text, before } of marks) if (text && !before) write(text, Math.max(at(entry.end + 1) + 5, (at(entry.start) + at(entry.end + 1)) / 2 + 10), top + row * ROW + ROW / 2 + 4, canvas.ink);
    }
  };
  const markOf = (entry) => stage.querySelector(`[data-entry="${entry.item.id}"]`);

  const along = (day) => EDGE + ((day - whole[0]) / (whole[1] - whole[0])) * (width - 2 * EDGE);
  const dayAt = (x) => whole[0] + ((x - EDGE) / (width - 2 * EDGE)) * (whole[1] - whole[0]);
  make("path", { class: "hb-bars" }, strip, SVG);
  const opening = make("rect", { class: "hb-window", y: 1, height: STRIP - 2, rx: 3 }, strip, SVG);
  make("title", {}, opening, SVG).textContent = words.window;
  const grips = [["from", words.start], ["to", words.end]].map(([end, label]) => {
    const grip = make("g", { class: "hb-grip", "data-end": end, role: "slider", tabindex: 0, "aria-label": label, "aria-valuemin": Math.floor(whole[0]), "aria-valuemax": Math.ceil(whole[1]) }, strip, SVG);
    make("rect", { class: "hb-touch", x: -12, y: 0, width: 24, height: STRIP }, grip, SVG);
    make("rect", { x: -4, y: 5, width: 8, height: STRIP - 10, rx: 3 }, grip, SVG);
    return grip;
  });
  const moveWindow = () => {
    const [a, b] = [along(from), along(to)];
    opening.setAttribute("x", a.toFixed(1));
    opening.setAttribute("width", Math.max(b - a, 2).toFixed(1));
    for (const [grip, x, day] of [[grips[0], a, from], [grips[1], b, to - 1]]) {
      grip.setAttribute("transform", `translate(${clamp(x, 5, width - 5).toFixed(1)})`);
      grip.setAttribute("aria-valuenow", Math.round(day));
      grip.setAttribute("aria-valuetext", dateOf(day).slice(0, 10));
    }
  };
  const drawStrip = () => {
    const bins = Math.max(Math.floor(width / 8), 1);
    const sums = new Array(bins).fill(0);
    for (const lane of lanes.values()) for (const { start } of lane) sums[clamp(Math.floor(((start - whole[0]) / (whole[1] - whole[0])) * bins), 0, bins - 1)] += 1;
    const high = Math.max(...sums, 1);
    const bars = sums.map((sum, bin) => sum && `M${(EDGE + (bin / bins) * (width - 2 * EDGE)).toFixed(1)} ${STRIP - 2}v${(-4 - (sum / high) * (STRIP - 10)).toFixed(1)}`).filter(Boolean).join("");
    strip.setAttribute("viewBox", `0 0 ${width} ${STRIP}`);
    strip.firstChild.setAttribute("d", bars || "M0 0");
    moveWindow();
  };

  const said = (day, roundUp) => {
    const text = dateOf(roundUp ? day - 1 : day).slice(0, 10);
    if (to - from < 400) return text;
    const month = dateOf(day + (roundUp ? -16 : 15)).slice(0, 7);
    if (to - from < 365 * 4) return month;
    return dateOf(day + (roundUp ? -183 : 182)).slice(0, 4);
  };
  let settling = 0;
  const settle = (wait = 160) => {
    clearTimeout(settling);
    settling = setTimeout(() => {
      const isHome = Math.abs(from - home[0]) < 1 && Math.abs(to - home[1]) < 1;
      form.elements.from.value = isHome ? "" : said(from, false);
      form.elements.to.value = isHome ? "" : said(to, true);
      show();
      draw();
    }, wait);
  };
  let frameAsked = 0;
  const look = (a, b, wait) => {
    const span = clamp(b - a, 20, whole[1] - whole[0] + 730);
    const middle = clamp((a + b) / 2, whole[0], whole[1]);
    [from, to] = [middle - span / 2, middle + span / 2];
    document.dispatchEvent(new Event("hb-moved"));
    cancelAnimationFrame(frameAsked);
    frameAsked = requestAnimationFrame(() => {
      if (!dear) return draw();
      sketch();
      /* In Firefox nothing but the canvas can change sixty times a second on so long a page. */
      if (drag || strip.matches(":focus-within")) moveWindow();
    });
    settle(wait);
  };
  const zoom = (factor, x = width / 2) => {
    const day = from + (x / width) * (to - from);
    look(day - (day - from) * factor, day + (to - day) * factor);
  };
  const pan = (part) => look(from + (to - from) * part, to + (to - from) * part);
  const reset = () => look(...home, 0);
  button(words.filter, () => form.elements.q.focus());
  button("−", () => zoom(1.6), words.wider);
  button("+", () => zoom(1 / 1.6), words.closer);
  button("‹", () => pan(-0.6), words.back);
  button("›", () => pan(0.6), words.on);
  button(`${dateOf(home[0]).slice(0, 4)}–${dateOf(home[1] - 1).slice(0, 4)}`, reset);

  pane.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey && !event.shiftKey && Math.abs(event.deltaX) <= Math.abs(event.deltaY)) return;
    event.preventDefault();
    if (event.ctrlKey || event.metaKey) zoom(Math.exp(clamp(event.deltaY, -60, 60) / 90), event.clientX - pane.getBoundingClientRect().left);
    else pan((event.deltaX || event.deltaY) / width);
  }, { passive: false });

  /* One pointer moves the picture, two change its scale; a pointer that hardly moved is a click. */
  const pointers = new Map();
  let moved = 0;
  pane.addEventListener("pointerdown", (event) => {
    pointers.set(event.pointerId, event.clientX);
    moved = 0;
  });
  pane.addEventListener("pointermove", (event) => {
    if (!pointers.has(event.pointerId)) return;
    const before = [...pointers.values()];
    pointers.set(event.pointerId, event.clientX);
    const after = [...pointers.values()];
    moved += Math.abs(after[0] - before[0]) + (after.length > 1 ? 9 : 0);
    if (moved < 6) return;
    if (!pane.hasPointerCapture(event.pointerId)) pane.setPointerCapture(event.pointerId);
    if (after.length > 1) {
      const apart = (some) => Math.max(Math.abs(some[0] - some[1]), 10);
      zoom(apart(before) / apart(after), (after[0] + after[1]) / 2 - pane.getBoundingClientRect().left);
    } else pan((before[0] - after[0]) / width);
  });
  for (const type of ["pointerup", "pointercancel"]) pane.addEventListener(type, (event) => pointers.delete(event.pointerId));
  pane.addEventListener("dragstart", (event) => event.preventDefault());
  pane.addEventListener("click", (event) => {
    const more = event.target.closest(".hb-more");
    if (more || moved >= 6) event.preventDefault();
    if (moved >= 6 || !more) return;
    if (more.dataset.day) return pan(Number(more.dataset.day) * 0.8);
    const [a, b] = [Number(more.dataset.from), Number(more.dataset.to)];
    const room = Math.max((b - a) * 0.6, 10);
    look(a - room, b + room);
  });

  const go = (entry) => {
    if (!entry) return;
    active = entry;
    const span = to - from;
    /* Moving the picture filters nothing. */
    if (entry.start < from || entry.start > to) [from, to] = [entry.start - span / 2, entry.start + span / 2];
    draw();
    const mark = markOf(entry);
    if (mark) mark.focus({ preventScroll: true });
    mark?.scrollIntoView({ block: "nearest" });
  };
  svg.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const id = event.target.closest("[data-entry]")?.dataset.entry;
    const here = entries.find((entry) => entry.item.id === id) || active;
    if (!here) return;
    const all = strands.map(({ name }) => lanes.get(name) || []);
    const lane = strands.findIndex(({ name }) => name === here.lane);
    const place = all[lane].indexOf(here);
    const across = (step) => {
      for (let other = lane + step; all[other]; other += step) {
        if (all[other].length) return all[other].reduce((a, b) => (Math.abs(b.start - here.start) < Math.abs(a.start - here.start) ? b : a));
      }
      return null;
    };
    const acts = {
      ArrowRight: () => go(all[lane][place + 1]), ArrowLeft: () => go(all[lane][place - 1]), ArrowDown: () => go(across(1)), ArrowUp: () => go(across(-1)),
      Home: () => go(all[lane][0]), End: () => go(all[lane].at(-1)), "+": () => zoom(1 / 1.6, at(here.start)), "=": () => zoom(1 / 1.6, at(here.start)),
      "-": () => zoom(1.6, at(here.start)), 0: reset, PageDown: () => pan(0.8), PageUp: () => pan(-0.8),
    };
    if (!acts[event.key]) return;
    event.preventDefault();
    acts[event.key]();
  });
  svg.addEventListener("focusin", (event) => {
    const mark = event.target.closest("[data-entry]");
    if (!mark) return;
    active = entries.find((entry) => entry.item.id === mark.dataset.entry);
    for (const one of stage.querySelectorAll("[data-entry][tabindex='0']")) {
      one.setAttribute("tabindex", -1);
      one.setAttribute("aria-hidden", true);
    }
    mark.setAttribute("tabindex", 0);
    mark.removeAttribute("aria-hidden");
  });

  const point = (id, on) => {
    stage.querySelector(`[data-entry="${id}"]`)?.classList.toggle("hb-on", on);
    document.getElementById(id)?.classList.toggle("hb-on", on);
  };
  for (const [type, on] of [["pointerover", true], ["pointerout", false], ["focusin", true], ["focusout", false]]) {
    document.addEventListener(type, (event) => {
      const here = event.target instanceof Element && event.target.closest("ol.hb-timeline > li, .hb-lens [data-entry]");
      if (here) point(here.dataset.entry || here.id, on);
    });
  }

  let drag = null;
  const inStrip = (event) => ((event.clientX - strip.getBoundingClientRect().left) / strip.getBoundingClientRect().width) * width;
  strip.addEventListener("pointerdown", (event) => {
    const end = event.target.closest(".hb-grip")?.dataset.end;
    const day = dayAt(inStrip(event));
    drag = { end: end || (event.target.classList.contains("hb-window") && to - from < (whole[1] - whole[0]) * 0.9 ? "both" : "new"), day, from, to };
    strip.setPointerCapture(event.pointerId);
    event.preventDefault();
    strip.querySelector(`[data-end=${end}]`)?.focus();
  });
  strip.addEventListener("pointermove", (event) => {
    if (!drag) return;
    const day = dayAt(inStrip(event));
    if (drag.end === "from") look(Math.min(day, to - 20), to);
    else if (drag.end === "to") look(from, Math.max(day, from + 20));
    else if (drag.end === "both") look(drag.from + day - drag.day, drag.to + day - drag.day);
    else if (Math.abs(day - drag.day) > 60) look(Math.min(day, drag.day), Math.max(day, drag.day));
  });
  for (const type of ["pointerup", "pointercancel"]) strip.addEventListener(type, () => { drag = null; });
  strip.addEventListener("keydown", (event) => {
    const end = event.target.closest(".hb-grip")?.dataset.end;
    const step = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -12, PageUp: 12 }[event.key];
    const edge = { Home: whole[0], End: whole[1] }[event.key];
    if (!end || (!step && edge === undefined)) return;
    event.preventDefault();
    const days = (step || 0) * (to - from > 1500 ? 365.25 : 30.44);
    if (end === "from") look(Math.min(edge ?? from + days, to - 20), to);
    else look(from, Math.max(edge ?? to + days, from + 20));
  });

  /* With the version of this script: browsers keep files. */
  const source = document.currentScript.src.replace("timeline.js", "timeline-share.js");
  const share = (name) => {
    const go = () => window.handbookShare[name]({ svg, width, tools, words, root });
    if (window.handbookShare) return go();
    make("script", { src: source }, document.head).addEventListener("load", go);
  };
  const root = document.documentElement.dataset.content_root;
  for (const name of ["SVG", "PNG"]) button(name, () => share(name), words.save.replace("%s", name));
  if (document.querySelector(".hb-embedded")) {
    /* In a frame of another site a link opens the handbook itself. */
    document.addEventListener("click", (event) => {
      const link = event.target.closest("a[href]");
      if (link && new URL(link.getAttribute("href"), location.href).pathname !== location.pathname) link.setAttribute("target", "_blank");
    }, true);
  } else button(words.embed, () => share("embed"));

  picture = {
    follow(event) {
      if (!event || !event.target || ["from", "to"].includes(event.target.name)) {
        const a = dayOf(value("from"), false);
        const b = dayOf(value("to"), true) + 1;
        [from, to] = [Number.isNaN(a) ? Math.min(home[0], b - 365) || home[0] : a, Number.isNaN(b) ? Math.max(home[1], a + 365) || home[1] : b];
        if (to - from < 2) to = from + 20;
      }
      draw();
    },
  };
  const measure = () => {
    const now = Math.floor(frame.clientWidth);
    if (now === width || !now) return;
    width = now;
    pen.font = font = `12px ${getComputedStyle(svg).fontFamily}`;
    lengths.clear();
    picture.follow();
  };
  new ResizeObserver(measure).observe(frame);
  measure();
})();
