/* The search page: asks Pagefind's index (pagefind/, made by the build) and shows what it finds while the reader types.
   Pagefind finds words. What it does not do is done here, with pagefind/words.json: a name or a reference that is meant
   exactly comes first; a typo in a word is corrected, and said; numbers are never guessed.
   The state stands in the address: ?q=secretariat&kind=milestone&strand=club */
(() => {
  "use strict";
  const form = document.querySelector("form.hb-search");
  if (!form) return;
  if (!location.protocol.startsWith("http")) {
    form.hidden = true;
    document.querySelector(".hb-search-disk").hidden = false;
    return;
  }
  const root = new URL(document.documentElement.dataset.content_root, location.href);
  const { q: query, kind, strand } = form.elements;
  const status = document.querySelector(".hb-search-status");
  const list = document.querySelector(".hb-search-results");
  const browse = document.querySelector(".hb-search-browse");
  const [KINDS, STRANDS] = [kind, strand].map((control) => Object.fromEntries([...control.options].map(({ value, text }) => [value, text])));
  const AT_ONCE = 10;
  const EXCERPT = 28;
  const WORDS = JSON.parse(form.dataset.words);
  /* A sentence with nodes or texts in its gaps. */
  const say = (sentence, ...gaps) => sentence.split("%s").flatMap((part, place) => (place ? [...gaps[place - 1], part] : [part]));
  const element = (tag, properties, ...children) => {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...children);
    return made;
  };

  /* -- words, as tools/handbook/outputs/search_index.py makes them -- */
  const RUN = /[\u3005\u3007\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\u{20000}-\u{3ffff}]+/gu;
  const fold = (text) => text.normalize("NFKC").toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "").normalize("NFC");
  const letters = (text) => text.replace(/[^\p{L}\p{N}]/gu, "");
  /* Each word as it is looked up, and as it was written. */
  const wordsOf = (text) => text.normalize("NFKC").replace(RUN, " $& ").replace(/([a-z])(\d{3})/gi, "$1 $2").split(/\s+/)
    .map((shown) => ({ shown: shown.replace(/^["“”'(),;?!]+|["“”'(),;?!.]+$/g, ""), word: letters(fold(shown)) })).filter(({ word }) => word);
  const isRun = (word) => word.search(RUN) === 0;
  const pairs = (run) => {
    const signs = [...run];
    return signs.length < 2 ? signs : signs.slice(1).map((sign, place) => signs[place] + sign);
  };

  /* -- what is loaded when the reader begins -- */
  let loading;
  const load = () => (loading ||= Promise.all([
    import(new URL("pagefind/pagefind.js", root)),
    fetch(new URL("pagefind/words.json", root), { cache: "no-cache" }).then((answer) => answer.json()),
  ]).then(async ([pagefind, data]) => {
    await pagefind.init();
    const records = new Map();
    for (const [kindName, ofKind] of Object.entries(data.records)) {
      for (const [id, [strands, ...texts]] of Object.entries(ofKind)) {
        const names = texts.map((text) => ({ whole: letters(fold(text)), words: wordsOf(text) }));
        records.set(id, { kind: kindName, strands: strands.split(" ").filter(Boolean), names });
      }
    }
    // The words of titles and names, and how these write them.
    const titles = new Map();
    for (const entry of records.values()) {
      for (const name of entry.names) for (const { word, shown } of name.words) if (!titles.has(word)) titles.set(word, shown);
    }
    return { pagefind, records, titles, words: data.words.split(" "), runs: data.runs.split(" ") };
  }).catch((error) => {
    loading = undefined;
    throw error;
  }));

  /* -- typos -- */
  const begins = (words, start) => {
    let [low, high] = [0, words.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (words[middle] < start) low = middle + 1;
      else high = middle;
    }
    return low < words.length && words[low].startsWith(start);
  };
  /* Damerau and Levenshtein: letters left out, added, changed, or swapped with the next one. */
  const distance = (a, b, most) => {
    if (Math.abs(a.length - b.length) > most) return most + 1;
    let [before, last] = [[], Array.from({ length: b.length + 1 }, (_, place) => place)];
    for (let i = 1; i <= a.length; i += 1) {
      const row = [i];
      for (let j = 1; j <= b.length; j += 1) {
        row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] !== b[j - 1]));
        if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) row[j] = Math.min(row[j], before[j - 2] + 1);
      }
      if (Math.min(...row) > most) return most + 1;
      [before, last] = [last, row];
    }
    return last[b.length];
  };
  const nearest = (word, candidates, most, titles) => {
    let [best, found] = [most + 1, undefined];
    for (const candidate of candidates) {
      if (/\d/.test(candidate)) continue;
      // The first letter is seldom wrong, and a word of a title or a name is meant sooner than another.
      const far = distance(word, candidate, most) + (candidate[0] === word[0] ? 0 : 0.4) - (titles.has(candidate) ? 0.5 : 0);
      if (far < best && far <= most) [best, found] = [far, candidate];
    }
    return found;
  };
  /* The longest pieces of a run that the handbook has: 杭州江干区 is 杭州 and 江干区. */
  const piecesOf = (run, runs) => {
    const signs = [...run];
    const pieces = [];
    for (let start = 0; start < signs.length;) {
      let end = signs.length;
      while (end > start && !runs.some((known) => known.includes(signs.slice(start, end).join("")))) end -= 1;
      if (end - start > 1 || signs.length === 1) pieces.push(signs.slice(start, end).join(""));
      start = Math.max(end, start + 1);
    }
    return pieces.filter(Boolean);
  };
  /* The words to look for, the words that are nowhere, and what stands in the place of those. */
  const read = (text, { words, runs, titles }) => {
    const asked = wordsOf(text);
    const wanted = [];
    const missing = [];
    for (const { word, shown } of asked) {
      if (isRun(word)) {
        const pieces = piecesOf(word, runs);
        const names = [...titles.keys()].filter((title) => isRun(title) && title.length === word.length && word.length > 2);
        const other = pieces.join("").length < word.length && nearest(word, names, 1, titles);
        if (!pieces.length || other) missing.push(shown);
        wanted.push(...(other ? [other] : pieces).map((piece) => ({ word: piece, shown: piece })));
      } else if (begins(words, word)) {
        wanted.push({ word, shown });
      } else {
        missing.push(shown);
        const most = /\d/.test(word) || word.length < 4 ? 0 : word.length < 7 ? 1 : 2;
        const other = most && nearest(word, words, most, titles);
        if (other) wanted.push({ word: other, shown: titles.get(other) || other });
      }
    }
    return { wanted, missing };
  };
  const references = (word, records) => {
    const near = new Set();
    for (const entry of records.values()) {
      if (entry.kind !== "standard") continue;
      for (const name of entry.names) if (/^\d+$/.test(name.whole) && distance(word, name.whole, 1) === 1) near.add(name.whole);
    }
    return [...near].sort().slice(0, 5);
  };

  /* -- the order: what is meant exactly, then names that have the words, then Pagefind's own -- */
  const PRIOR = { page: 0.35, standard: 0.3, name: 0.25, term: 0.2, milestone: 0.15, meeting: 0.15, adoption: -0.25, place: -0.2, person: -0.2, source: -0.3 };
  const EXACT = 3;
  const named = (entry, wanted) => {
    const whole = wanted.join("");
    let best = 0;
    for (const name of entry.names) {
      if (name.whole === whole) return EXACT;
      const had = wanted.filter((word, place) => name.words.some(
        ({ word: other }) => other === word || (place === wanted.length - 1 && other.startsWith(word)) || (isRun(word) && other.includes(word)),
      ));
      if (had.length === wanted.length) best = Math.max(best, wanted.join("").length / name.whole.length);
    }
    return best;
  };
  const ordered = (results, wanted, records) => {
    const most = Math.max(...results.map((result) => result.score), 1e-9);
    const value = (result) => {
      const entry = records.get(result.id);
      const [prior, name] = [PRIOR[entry.kind], named(entry, wanted)];
      return name === EXACT ? name + prior : result.score / most + prior + name;
    };
    return results.map((result) => ({ result, value: value(result) })).sort((a, b) => b.value - a.value).map(({ result }) => result);
  };

  /* -- what is shown -- */
  const [OVERLAPS, TOUCHES, TEXT, NAMES] = ["\u2060", "\u2063", "\u2061", "\u2062"];
  const CHINESE = /[\u2e80-\u2fdf\u3005-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff][\u2e80-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]*/g;
  /* The text with its Chinese, Japanese and Korean marked as such, for fonts and speech. */
  const spoken = (text) => {
    const parts = [];
    let end = 0;
    for (const match of text.matchAll(CHINESE)) {
      const lang = /[\u3040-\u30ff]/.test(match[0]) ? "ja" : /[\uac00-\ud7af]/.test(match[0]) ? "ko" : "zh-Hans";
      parts.push(text.slice(end, match.index), element("span", { lang, textContent: match[0] }));
      end = match.index + match[0].length;
    }
    return [...parts, text.slice(end)].filter((part) => part !== "");
  };
  /* Some words of the text around the densest place of hits, the hits marked. */
  const excerpt = (data) => {
    const words = data.raw_content ? data.raw_content.replace(/&lt;/g, "<").replace(/&gt;/g, ">").split(/\s+/) : data.content.split(/\s+/);
    const first = words.findIndex((word) => word.startsWith(TEXT)) + 1;
    const last = words.findIndex((word) => word.startsWith(NAMES));
    const end = last < 0 ? words.length : last;
    const hits = data.weighted_locations.filter(({ location }) => location >= first && location < end);
    let [from, best] = [first, 0];
    // A short text is shown from its beginning.
    for (const { location } of end - first > EXCERPT + 8 ? hits : []) {
      const sum = hits.reduce((total, hit) => total + (hit.location >= location && hit.location < location + EXCERPT - 6 ? hit.balanced_score : 0), 0);
      if (sum > best) [from, best] = [Math.max(first, location - 6), sum];
    }
    const marked = new Set(hits.map(({ location }) => location));
    const until = end - from <= EXCERPT + 8 ? end : from + EXCERPT;
    const parts = [];
    const add = (text, mark) => {
      const before = parts[parts.length - 1];
      if (before && before.mark === mark) before.text += text;
      else if (text) parts.push({ text, mark });
    };
    for (let place = from; place < until; place += 1) {
      const overlaps = words[place].startsWith(OVERLAPS) && place > from;
      if (place > from && !overlaps && !words[place].startsWith(TOUCHES)) add(" ", marked.has(place) && marked.has(place - 1));
      const word = words[place].replace(OVERLAPS, "").replace(TOUCHES, "");
      const [, start, core, end_] = (overlaps ? [...word].slice(1).join("") : word).match(/^([^\p{L}\p{N}]*)(.*?)([^\p{L}\p{N}]*)$/u);
      add(start, false);
      add(core, marked.has(place));
      add(end_, false);
    }
    const made = element("p", { className: "hb-search-excerpt" }, from > first ? "… " : "");
    for (const part of parts) made.append(...(part.mark ? [element("mark", {}, ...spoken(part.text))] : spoken(part.text)));
    if (until < end) made.append(" …");
    return { text: made, hits };
  };
  const sections = (data, hits) => {
    const counts = new Map();
    for (const { location } of hits) {
      const anchor = data.anchors.filter((one) => one.location <= location && /^h[2-6]$/.test(one.element)).pop();
      if (anchor) counts.set(anchor, (counts.get(anchor) || 0) + 1);
    }
    return [...counts].sort((a, b) => b[1] - a[1]).slice(0, 2).map(([anchor]) => anchor);
  };
  const plain = (text) => text.replace(new RegExp(` ${OVERLAPS}.| ${TOUCHES}`, "gu"), "");
  const item = ([data, entry]) => {
    // Pagefind puts the folder of the site before its own address.
    const [page, anchor] = data.raw_url.replace(/^\//, "").replace(/\.html$/, "").split("~");
    const address = (id) => new URL(page + (id ? `#${id}` : ""), root).href;
    const title = element("a", { href: address(anchor) }, ...spoken(data.meta.title));
    const about = element("p", { className: "hb-search-about" }, KINDS[entry.kind]);
    if (data.meta.detail) about.append(" · ", ...spoken(data.meta.detail));
    for (const name of entry.strands) {
      about.append(" ", element("span", { className: `hb-badge hb-strand-${name}`, textContent: STRANDS[name] }));
    }
    const { text, hits } = excerpt(data);
    const made = element("li", {}, element("h2", { className: "hb-search-title" }, title), about, text);
    const inside = anchor ? [] : sections(data, hits);
    if (inside.length) {
      const links = inside.flatMap((one) => [" ", element("a", { href: address(one.id) }, ...spoken(plain(one.text)))]);
      made.append(element("p", { className: "hb-search-sections" }, WORDS.inside, ...links));
    }
    return made;
  };
  const quoted = (words) => words.flatMap((word, place) => [place ? ", " : "", "“", ...spoken(word), "”"]);
  const ask = (word) => element("a", { href: `?${new URLSearchParams({ q: word })}` }, ...spoken(word));

  /* -- the search -- */
  let turn = 0;
  const keep = () => {
    const state = new URLSearchParams();
    for (const control of [query, kind, strand]) if (control.value.trim()) state.set(control.name, control.value.trim());
    history.replaceState(null, "", `${location.pathname}${state.size ? `?${state}` : ""}`);
    document.title = document.title.replace(/^(.*: )?/, query.value.trim() ? `${query.value.trim()}: ` : "");
  };
  const count = (control, names, number) => {
    for (const option of control.options) {
      if (option.value) option.textContent = names[option.value] + (number ? ` (${number(option.value)})` : "");
    }
  };
  const lists = (shown) => {
    browse.hidden = !shown;
    // Room is kept for results, so that nothing moves when they come.
    list.classList.toggle("hb-search-asked", !shown);
  };
  const clear = () => {
    list.replaceChildren();
    status.replaceChildren();
    lists(true);
    count(kind, KINDS);
    count(strand, STRANDS);
  };
  async function search() {
    const mine = (turn += 1);
    list.setAttribute("aria-busy", "true");
    await find(mine);
    if (mine === turn) list.setAttribute("aria-busy", "false");
  }
  async function find(mine) {
    const text = query.value.trim();
    keep();
    if (!text) {
      clear();
      return;
    }
    let index;
    try {
      index = await load();
    } catch {
      if (mine !== turn) return;
      status.textContent = WORDS.failed;
      list.replaceChildren();
      lists(true);
      return;
    }
    const exact = /^["“”].+["“”]$/.test(text);
    const { wanted: asked, missing } = exact ? { wanted: wordsOf(text), missing: [] } : read(text, index);
    const wanted = asked.map(({ word }) => word);
    const words = wanted.flatMap((word) => (isRun(word) ? pairs(word) : [word])).join(" ");
    const answer = words ? await index.pagefind.search(exact ? `"${words}"` : words) : { results: [] };
    if (mine !== turn) return;
    const all = ordered(answer.results.filter(({ id }) => index.records.has(id)), wanted, index.records);
    const entryOf = ({ id }) => index.records.get(id);
    const ofKind = (result) => !kind.value || entryOf(result).kind === kind.value;
    const ofStrand = (result) => !strand.value || entryOf(result).strands.includes(strand.value);
    const results = all.filter((result) => ofKind(result) && ofStrand(result));
    const show = (from) => Promise.all(results.slice(from, from + AT_ONCE).map(async (result) => item([await result.data(), entryOf(result)])));
    const shown = await show(0);
    if (mine !== turn) return;
    // How many there would be with another choice.
    count(kind, KINDS, (value) => all.filter((result) => ofStrand(result) && entryOf(result).kind === value).length);
    count(strand, STRANDS, (value) => all.filter((result) => ofKind(result) && entryOf(result).strands.includes(value)).length);

    const said = [];
    if (missing.length) said.push(...say(WORDS.missing, quoted(missing)), " ");
    if (wanted.length) {
      const meant = quoted([missing.length ? asked.map(({ shown }) => shown).join(" ") : text.replace(/^["“”]|["“”]$/g, "")]);
      const sentence = results.length > 1 ? say(WORDS.found, [results.length], meant) : say(results.length ? WORDS.one : WORDS.nothing, meant);
      said.push(...sentence, " ");
    }
    const near = missing.flatMap((word) => (/^\d+$/.test(word) ? references(word, index.records) : []));
    if (near.length) said.push(...say(WORDS.near, near.flatMap((word, place) => [place ? (place === near.length - 1 ? WORDS.or : ", ") : "", ask(word)])), " ");
    if (wanted.length && !results.length && (kind.value || strand.value)) {
      said.push(element("button", { type: "button", className: "hb-search-all", textContent: WORDS.all }));
    } else if (!results.length && wanted.length > 1) {
      said.push(...say(WORDS.single, wanted.flatMap((word, place) => [place ? ", " : "", ask(word)])));
    }
    status.replaceChildren(...said);
    list.replaceChildren(...shown);
    lists(!results.length);
    if (results.length > AT_ONCE) list.append(more(results.length, AT_ONCE, show));
  }
  const more = (number, from, show) => {
    const next = Math.min(AT_ONCE, number - from);
    const button = element("button", { type: "button", textContent: say(WORDS.more, [next]).join("") });
    const last = element("li", { className: "hb-search-more" }, button);
    button.addEventListener("click", async () => {
      const shown = await show(from);
      last.replaceWith(...shown);
      if (number > from + next) list.append(more(number, from + next, show));
      shown[0].querySelector("a").focus();
    });
    return last;
  };

  /* -- the reader's hands -- */
  const given = new URLSearchParams(location.search);
  for (const control of [query, kind, strand]) control.value = given.get(control.name) || "";
  let waiting = 0;
  const soon = (event) => {
    // While a reader writes Chinese, the letters on the way are no words yet.
    if (event.isComposing) return;
    clearTimeout(waiting);
    list.setAttribute("aria-busy", "true");
    waiting = setTimeout(search, 150);
  };
  form.addEventListener("input", soon);
  form.addEventListener("compositionend", soon);
  query.addEventListener("focus", () => { load().catch(() => {}); }, { once: true });
  const titles = () => [...list.querySelectorAll(".hb-search-title a, .hb-search-more button")];
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    clearTimeout(waiting);
    await search();
    titles()[0]?.focus();
  });
  status.addEventListener("click", (event) => {
    if (!event.target.matches(".hb-search-all")) return;
    kind.value = strand.value = "";
    query.focus();
    search();
  });
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    const inField = event.target === query;
    const place = titles().indexOf(event.target);
    if (event.key === "ArrowDown" && (inField || place >= 0)) titles()[place + 1]?.focus();
    else if (event.key === "ArrowUp" && place >= 0) (titles()[place - 1] || query).focus();
    else if (event.key === "Escape" && list.contains(event.target)) query.focus();
    else if (event.key === "Escape" && inField && query.value) {
      query.value = "";
      search();
    } else return;
    event.preventDefault();
  });
  // On a telephone the keyboard would hide what was found.
  const keys = matchMedia("(hover: hover)").matches;
  if (!query.value || keys) query.focus({ preventScroll: true });
  lists(!query.value);
  if (query.value) search();
  else list.setAttribute("aria-busy", "false");
})();
