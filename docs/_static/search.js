/* The search page: asks Pagefind's index (pagefind/, made by the build) and shows what it finds while the reader types.
   Pagefind finds words. What it does not do is done here, with pagefind/words.json: a name or a reference that is meant
   exactly comes first; a question is taken for the words that carry it; a typo in a word is corrected, and said; numbers
   are never guessed. What ISO's catalogue or the records know of the question stands above the results.
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
  const answerLine = document.querySelector(".hb-search-answer");
  const list = document.querySelector(".hb-search-results");
  const browse = document.querySelector(".hb-search-browse");
  const [KINDS, STRANDS] = [kind, strand].map((control) => Object.fromEntries([...control.options].map(({ value, text }) => [value, text])));
  const AT_ONCE = 10;
  const EXCERPT = 28;
  const WORDS = JSON.parse(form.dataset.words);
  const COMMA = document.documentElement.lang.startsWith("zh") ? "、" : ", ";
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
    .map((shown) => ({ shown: shown.replace(/^["“”'(),;?!]+|["“”'(),:;?!.]+$/g, ""), word: letters(fold(shown)) })).filter(({ word }) => word);
  const isRun = (word) => word.search(RUN) === 0;
  const pairs = (run) => {
    const signs = [...run];
    return signs.length < 2 ? signs : signs.slice(1).map((sign, place) => signs[place] + sign);
  };

  /* -- what is meant -- */
  /* Question words and connecting words. They add nothing to what is searched for. */
  const SMALL = new Set(`a about against already an and any are as at be been between by can could current currently did do does exist for from get
    give had happen happened happening happens has have hold holds held how i if in into is it its know like made many may me more much must my need of on one or our out please shall should show
    some tell than that the their them there these they this those to use used was we were what when where which who whom whose why will
    with would yet you your still`.split(/\s+/));
  const PARTICLES = "的 是 谁 什么 哪些 哪个 哪里 哪儿 怎么 怎样 如何 吗 呢 可以 能 能否 已经 还 还是 仍 在 有 有哪些 被 了 和 与 或 我 请问 何时 什么时候 多少 为 所 什么标准 为什么 是否 个 于 进行 获得 通过 想 要 会 第 是谁 是什么 关于 现在 目前 负责 成为 应该 应当 之间 以及 由 对 从 请 帮 有没有 属于 怎么办".split(" ");
  const bodies = (text) => text.replace(/\/(?=(?:tc|sc|wg|tg|jtc|iec)\b)/gi, " ").replace(/\b(tc|sc|wg|tg|jtc|sg|pas)[ -]?(\d+)\b/gi, "$1_$2");
  /* Unifies British and American spelling and all endings of a word. */
  const stem = (word) => (/[^a-z]/.test(word) || word.length < 4 ? word : word
    .replace(/iz(?=(?:e[drs]?|ing|ations?|ational)$)/, "is").replace(/(?<=..)our(?=s?$)/, "or").replace(/ies$|ied$/, "y").replace(/(?<=[^s])s$/, "")
    .replace(/(?<=...)(?:ements?|ational|ations?|ions?|ings?|ed|e|y)$/, "").replace(/(?<=...)([bdgmnprt])\1$/, "$1"));
  const apart = (text) => text.replace(/_/g, " ");
  /* The kind of question: two questions can have the same words. */
  const ASKS = { who: /\bwho\b|谁/i, which: /\b(?:which|list)\b|哪些/i, can: /\b(?:can|may|does|do|is)\b|可以|能|吗/i, when: /\bwhen\b|何时|什么时候/i, where: /\bwhere\b|哪里|哪儿/i };
  const asks = (text) => Object.keys(ASKS).filter((one) => ASKS[one].test(text));
  const other = (word) => {
    const turned = word.replace(/(?<=...)(i)([sz])(?=(?:e[drs]?|ing|ations?|ational)$)/, (_, i, letter) => i + (letter === "s" ? "z" : "s"));
    return turned === word ? undefined : turned;
  };
  /* Each phrase of the vocabulary, by its stems, and its preferred term. */
  const vocabulary = (terms, records) => {
    const [latin, chinese] = [new Map(), new Map(PARTICLES.map((word) => [word, ""]))];
    const pairsOf = [...records.values()].filter(({ kind }) => kind === "term" || kind === "name").map(({ texts }) => texts);
    for (const [term, ...forms] of [...terms, ...pairsOf]) {
      if (isRun(letters(fold(term)))) continue;
      for (const form of [term, ...forms]) {
        const run = letters(fold(form));
        if (!run) continue;
        if (isRun(run)) { if (!chinese.has(run)) chinese.set(run, term); } else {
          const key = wordsOf(bodies(form)).map(({ word }) => stem(word)).join(" ");
          if (!latin.has(key)) latin.set(key, term);
        }
      }
    }
    return { latin, chinese };
  };
  /* The significant words of a text: as they are shown and searched for, and the stems by which they are compared. */
  const meaning = (text, { latin, chinese }) => {
    const parts = [];
    for (const { word, shown } of wordsOf(bodies(text))) {
      if (!isRun(word)) {
        parts.push({ word, shown });
        continue;
      }
      const signs = [...word];
      let rest = "";
      const flush = () => { if (rest) parts.push({ word: rest, shown: rest }); rest = ""; };
      for (let start = 0; start < signs.length;) {
        let end = signs.length;
        while (end > start && !chinese.has(signs.slice(start, end).join(""))) end -= 1;
        if (end === start) rest += signs[start];
        else {
          flush();
          const run = signs.slice(start, end).join("");
          const term = chinese.get(run);
          for (const one of term ? wordsOf(bodies(term)) : []) parts.push({ ...one, run });
        }
        start = Math.max(end, start + 1);
      }
      flush();
    }
    const found = [];
    const stems = parts.map(({ word }) => stem(word));
    for (let start = 0; start < parts.length;) {
      let end = Math.min(parts.length, start + 6);
      while (end > start && !latin.has(stems.slice(start, end).join(" "))) end -= 1;
      const alone = parts[start];
      if (end > start && !(end === start + 1 && SMALL.has(alone.word))) {
        const term = wordsOf(bodies(latin.get(stems.slice(start, end).join(" "))));
        const same = term.map(({ word }) => stem(word)).join() === stems.slice(start, end).join();
        const said = same ? parts.slice(start, end) : term;
        for (const one of said) if (same || !SMALL.has(one.word)) found.push({ ...one, run: alone.run, stem: stem(one.word) });
        start = end;
      } else {
        if (!SMALL.has(alone.word)) found.push({ ...alone, stem: stems[start] });
        start += 1;
      }
    }
    return found.filter(({ stem: one }, place) => found.findIndex((before) => before.stem === one) === place);
  };

  /* -- what is loaded when the reader begins -- */
  let loading;
  const load = () => (loading ||= Promise.all([
    import(new URL("pagefind/pagefind.js", root)),
    fetch(new URL("pagefind/words.json", root), { cache: "no-cache" }).then((answer) => answer.json()),
  ]).then(async ([pagefind, data]) => {
    await pagefind.options({ noWorker: true });
    await pagefind.init();
    const records = new Map();
    const backstage = new Set(data.backstage.split(" "));
    const add = (id, kind, strands, texts) => {
      const names = texts.map((text) => ({ whole: letters(fold(text)), words: wordsOf(text) }));
      records.set(data.start + id, { kind, strands: strands.split(" ").filter(Boolean), texts, names, backstage: backstage.has(id) });
    };
    for (const [kindName, ofKind] of Object.entries(data.records)) {
      for (const [id, [strands, ...texts]] of Object.entries(ofKind)) add(id, kindName, strands, texts);
    }
    for (const [strands, ids] of Object.entries(data.sources)) for (const id of ids.split(" ")) add(id, "source", strands, []);
    // The words of titles and names, and how these write them.
    const titles = new Map();
    for (const entry of records.values()) {
      for (const name of entry.names) for (const { word, shown } of name.words) if (!titles.has(word)) titles.set(word, shown);
    }
    // A capital letter says how many letters a word shares with the one before it.
    let last = "";
    const coded = data.words.match(/[A-Z][^A-Z]*/g) || [];
    const plainWords = coded.map((one) => (last = last.slice(0, one.charCodeAt(0) - 65) + one.slice(1)));
    const words = [...new Set([...plainWords, ...titles.keys()])].sort((a, b) => (a < b ? -1 : 1));
    // The names of a record, and each heading of a page, as significant stems.
    const known = vocabulary(data.terms, records);
    const counts = new Map();
    const bag = (text) => {
      const stems = new Set(meaning(text, known).map((one) => one.stem));
      for (const one of stems) counts.set(one, (counts.get(one) || 0) + 1);
      stems.asks = asks(text);
      return stems;
    };
    for (const [id, entry] of records) {
      entry.bags = entry.texts.map(bag);
      entry.sections = (data.sections[id.slice(data.start.length)] || []).map((row, place) => (place ? row : ["", "", ...row])).map(([anchor, heading, ...asked]) => ({
        anchor: anchor || heading.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, ""), heading, whole: letters(fold(heading)), asked: asked.map((text) => letters(fold(text))), bags: [heading, ...asked].map(bag),
      }));
    }
    return { pagefind, records, titles, words, runs: [...data.runs.split(" "), ...[...records.values()].flatMap(({ texts }) => texts.flatMap((text) => text.normalize("NFKC").match(RUN) || []))], known, counts, start: data.start, standards: data.standards, offices: data.offices, asOf: data.asOf };
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
      // The first letter is seldom wrong, and a word of a title or a name is more likely to be meant than another.
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
  /* The words to search for, the words that occur nowhere, and what replaces those. */
  const read = (text, { words, runs, titles }) => {
    const asked = wordsOf(text);
    const wanted = [];
    const missing = [];
    let lost = 0;
    for (const { word, shown } of asked) {
      if (isRun(word)) {
        const pieces = piecesOf(word, runs);
        const names = [...titles.keys()].filter((title) => isRun(title) && title.length === word.length && word.length > 2);
        const other = pieces.join("").length < word.length && nearest(word, names, 1, titles);
        if (!pieces.length || other) missing.push(shown);
        if (!pieces.length && !other) lost += 1;
        wanted.push(...(other ? [other] : pieces).map((piece) => ({ word: piece, shown: piece })));
      } else if (begins(words, word)) {
        wanted.push({ word, shown });
      } else {
        missing.push(shown);
        const most = /\d/.test(word) || word.length < 4 ? 0 : word.length < 7 ? 1 : 2;
        const other = most && nearest(word, words, most, titles);
        if (other) wanted.push({ word: other, shown: titles.get(other) || other });
        else lost += 1;
      }
    }
    return { wanted, missing, lost };
  };
  const references = (word, records) => {
    const near = new Set();
    for (const entry of records.values()) {
      if (entry.kind !== "standard") continue;
      for (const name of entry.names) if (/^\d+$/.test(name.whole) && distance(word, name.whole, 1) <= 1) near.add(name.whole);
    }
    return [...near].sort().slice(0, 5);
  };

  /* -- the order: what is meant exactly, then names that have the words, then Pagefind's own -- */
  const PRIOR = { page: 0.35, standard: 0.3, name: 0.25, term: 0.2, milestone: 0.15, meeting: 0.15, adoption: -0.25, place: -0.2, person: -0.2, source: -0.3 };
  const EXACT = 4;
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
  /* How well a name matches the question: exactly all of it is 1. */
  const weigh = (stem, counts) => (/^\d{4,}/.test(stem) ? 1.5 : Math.log(3000 / (1 + (counts.get(stem) || 0))));
  const fit = (bags, context, wanted, counts) => {
    const total = wanted.reduce((sum, one) => sum + weigh(one, counts), 0);
    let best = 0;
    for (const bag of bags) {
      if (!bag.size || !wanted.length) continue;
      const had = wanted.filter((one) => bag.has(one));
      if (!had.length) continue;
      const sum = wanted.reduce((before, one) => before + weigh(one, counts) * (bag.has(one) ? 1 : context.has(one) ? 0.8 : 0), 0);
      // An exact match is worth more than any number of hits in a text.
      const all = had.length === wanted.length && had.length === bag.size;
      const value = all ? 1.3 : (sum / total) ** 2 * (0.7 + (0.3 * had.length) / bag.size);
      // "Who" and "which", "can" and "when" are different questions.
      best = Math.max(best, value + (bag.asks.some((one) => wanted.asks?.includes(one)) ? (all ? 0.5 : 0.02) : 0));
    }
    return best;
  };
  const FITS = 0.5;
  /* Every page among the standards is about one standard. */
  const STANDARD = new Set([stem("standard")]);
  const NOTHING = new Set();
  /* Each record with its value, and the heading of a page that answers better than the page. */
  const ordered = (results, wanted, stems, lead, { records, counts }) => {
    const most = Math.max(...results.map((result) => result.score), 1e-9);
    const found = new Map(results.map((result) => [result.id, result]));
    const whole = wanted.join("");
    const rows = [];
    for (const [id, entry] of records) {
      const result = found.get(id);
      const name = result ? named(entry, wanted) : entry.names.some((one) => one.whole === whole) ? EXACT : 0;
      const known = entry.kind === "standard" || entry.strands.includes("standards") ? STANDARD : NOTHING;
      let best = id === lead ? 2 * EXACT : name === EXACT ? EXACT : Math.max(name, 2 * fit(entry.bags, known, stems, counts));
      let section;
      // Parts of a page need not repeat its names and questions.
      const ofPage = entry.kind === "page" ? [...entry.bags, ...entry.sections.filter(({ anchor }) => !anchor).flatMap(({ bags }) => bags)] : [];
      const context = new Set([...known, ...ofPage.flatMap((bag) => [...bag])]);
      for (const one of entry.sections) {
        const same = whole && (one.whole === whole || one.asked.includes(whole));
        const value = same ? EXACT + (stems.asks ? 0.1 : -0.3) : 2.2 * fit(one.anchor ? one.bags : one.bags.slice(1), context, stems, counts);
        if (value > best) [best, section] = [value, one];
      }
      if (!result && best < 2 * FITS) continue;
      const score = best >= EXACT - 0.5 ? 0 : result ? result.score / most : 0;
      rows.push({ id, entry, result, section: section?.anchor ? section : undefined, value: score + best + (result?.literal || 0) + PRIOR[entry.kind] - (entry.backstage ? 1 : 0) });
    }
    return rows.sort((a, b) => b.value - a.value);
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
  const excerpt = (data, at) => {
    const words = data.raw_content ? data.raw_content.replace(/&lt;/g, "<").replace(/&gt;/g, ">").split(/\s+/) : data.content.split(/\s+/);
    const first = words.findIndex((word) => word.startsWith(TEXT)) + 1;
    const last = words.findIndex((word) => word.startsWith(NAMES));
    const end = last < 0 ? words.length : last;
    const hits = data.weighted_locations.filter(({ location }) => location >= first && location < end);
    let [from, best] = [at || first, 0];
    // A short text, or a section, is shown from its beginning.
    for (const { location } of !at && end - first > EXCERPT + 8 ? hits : []) {
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
      // Not destructured in place: the minifier would do that before the word exists.
      const cut = (overlaps ? [...word].slice(1).join("") : word).match(/^([^\p{L}\p{N}]*)(.*?)([^\p{L}\p{N}]*)$/u);
      add(cut[1], false);
      add(cut[2], marked.has(place));
      add(cut[3], false);
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
  const item = ([data, entry, section]) => {
    // Pagefind puts the folder of the site before its own address.
    const [page, anchor] = data.raw_url.replace(/^\//, "").replace(/\.html$/, "").split("~");
    const address = (id) => new URL(page + (id ? `#${id}` : ""), root).href;
    const title = element("a", { href: address(anchor || section?.anchor) }, ...spoken(section ? section.heading : data.meta.title));
    const about = element("p", { className: "hb-search-about" }, KINDS[entry.kind]);
    if (section) about.append(" · ", ...spoken(data.meta.title));
    if (data.meta.detail) about.append(" · ", ...spoken(data.meta.detail));
    for (const name of entry.strands) {
      about.append(" ", element("span", { className: `hb-badge hb-strand-${name}`, textContent: STRANDS[name] }));
    }
    const head = section && data.anchors.find(({ id }) => id === section.anchor);
    const { text, hits } = excerpt(data, head && head.location + plain(head.text).split(/\s+/).length);
    const made = element("li", {}, element("h2", { className: "hb-search-title" }, title), about, text);
    const inside = anchor || section ? [] : sections(data, hits);
    if (inside.length) {
      const links = inside.flatMap((one) => [" ", element("a", { href: address(one.id) }, ...spoken(plain(one.text)))]);
      made.append(element("p", { className: "hb-search-sections" }, WORDS.inside, ...links));
    }
    return made;
  };
  const quoted = (words) => words.flatMap((word, place) => [place ? COMMA : "", "“", ...spoken(word), "”"]);
  const ask = (word) => element("a", { href: `?${new URLSearchParams({ q: word })}` }, ...spoken(word));

  /* -- what the catalogue and the records know -- */
  const page = async (index, id) => new URL((await fragment(id)).url.replace(/^\//, "").replace(/~\.html$/, ""), root).href;
  /* Pagefind's data of a record that Pagefind itself did not find. */
  const fragment = async (id) => {
    const answer = await fetch(new URL(`pagefind/fragment/${id}.pf_fragment`, root));
    const text = await new Response(answer.body.pipeThrough(new DecompressionStream("gzip"))).text();
    return JSON.parse(text.slice("pagefind_dcd".length));
  };
  const dataOf = async ({ id, result }, stems) => {
    if (result) return result.data();
    const data = await fragment(id);
    const weighted_locations = data.content.split(/\s+/).flatMap((word, location) => (stems.includes(stem(letters(fold(word)))) ? [{ location, balanced_score: 1 }] : []));
    return { ...data, raw_url: data.url, raw_content: data.content, weighted_locations };
  };
  const OF_STATUS = new Set("valid withdrawn replace current edition status publication published revision date year iso version".split(" ").map(stem));
  const OF_TITLE = new Set("title name chinese french english".split(" ").map(stem));
  /* The one standard in a question that asks only what became of it. */
  const standardOf = (text, stems, { records, standards, start }) => {
    const numbers = stems.filter((one) => /^\d{4,}/.test(one));
    const titled = stems.some((one) => one === stem("title") || one === stem("name"));
    const rest = stems.filter((one) => !numbers.includes(one) && !OF_STATUS.has(one) && !(titled && OF_TITLE.has(one)));
    const named_ = wordsOf(text).map(({ word }) => word).join("");
    for (const [id, entry] of records) {
      if (entry.kind !== "standard" || !standards[id.slice(start.length)]) continue;
      const whole = entry.names.some((name) => name.whole === named_);
      if (whole || (!rest.length && numbers.length === 1 && entry.names.some((name) => name.whole === numbers[0]))) return id;
    }
    return undefined;
  };
  const ROLE_PAST = /\b(?:first|former|previous|past|was|were|until|before|ever)\b|\d{4}|前任|首任|曾/i;
  const answered = async (text, stems, id, index) => {
    const link = async (id) => element("a", { href: await page(index, id) }, index.records.get(id).texts[0]);
    if (id) {
      const [state, when, ...others] = index.standards[id.slice(index.start.length)];
      const said = say(WORDS.states[state], [await link(id)], when);
      if (others.length) {
        const links = (await Promise.all(others.map((one) => link(index.start + one)))).flatMap((one, place) => [place ? COMMA : "", one]);
        said.push(" ", ...say(state === "withdrawn" ? WORDS.replacedBy : WORDS.replaced, links));
      }
      return [...said, " ", ...say(WORDS.asOf, index.asOf)];
    }
    if (ROLE_PAST.test(text.replace(/\b(?:tc|sc|wg|jtc)\s?\d+/gi, ""))) return [];
    const lines = index.offices.filter(([role, body]) => {
      // Of a body its last part must be named, and whatever is no committee: ISO/TC 268/SC 1, Japan's committee for ISO/TC 268.
      const [ofRole, ofBody] = [role, body].map((one) => meaning(one, index.known).map((part) => part.stem));
      const last = ofBody[ofBody.length - 1];
      return ofRole.every((one) => stems.includes(one)) && ofBody.every((one) => one !== last && /\d|^(?:iso|iec|sac|cen)$/.test(one) || stems.includes(one)) && stems.every((one) => ofRole.includes(one) || ofBody.includes(one));
    });
    return lines.flatMap(([role, body, holder, when, address], place) => [
      place ? " " : "", ...say(WORDS.office, role, body, [element("a", { href: new URL(address, root).href }, ...spoken(holder))], when),
    ]);
  };

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
    // Room is reserved for results, so that nothing shifts when they arrive.
    list.classList.toggle("hb-search-asked", !shown);
  };
  const clear = () => {
    list.replaceChildren();
    status.replaceChildren();
    answerLine.replaceChildren();
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
    const given = exact ? { wanted: wordsOf(text), missing: [] } : read(text, index);
    const ask_ = async (asked, all) => {
      const words = asked.flatMap(({ word }) => (isRun(word) ? pairs(word) : [word])).join(" ");
      return words ? (await index.pagefind.search(all ? `"${words}"` : words)).results : [];
    };
    // An exact name is meant; else the significant words are searched for, and then the text as typed.
    const whole = given.wanted.map(({ word }) => word).join("");
    const isName = whole && !given.lost && [...index.records.values()].some((entry) => entry.names.some((name) => name.whole === whole));
    const carried = exact || isName ? [] : meaning(text, index.known);
    const asking = read(apart(carried.map(({ shown }) => shown).join(" ")), index);
    const meant = carried.length && asking.wanted.length ? asking : given;
    const { missing } = meant;
    // Nothing else is known about a standard that the handbook lacks.
    const unknown = missing.filter((word) => /^\d{4}/.test(word));
    const only = unknown.length && meaning(meant.wanted.map(({ word }) => word).join(" "), index.known).every(({ stem: one }) => OF_STATUS.has(one));
    const asked = only ? [] : meant.wanted;
    const stems = exact ? [] : meaning(asked.map(({ word }) => word).join(" "), index.known).map((one) => one.stem);
    if (meant !== given) stems.asks = asks(text);
    const results_ = new Map();
    for (const result of await ask_(asked, exact)) results_.set(result.id, result);
    const spelled = asked.map(({ word, shown }) => ({ word: other(word) || word, shown }));
    if (!exact && spelled.some(({ word }, place) => word !== asked[place].word)) {
      for (const result of await ask_(spelled)) if (!results_.has(result.id)) results_.set(result.id, result);
    }
    // If hardly any record has all of the words, one that lacks a word is better than nothing.
    if (!exact && results_.size < 3 && asked.length > 2) {
      for (const left of asked) {
        for (const result of await ask_(asked.filter((one) => one !== left))) if (!results_.has(result.id)) results_.set(result.id, Object.assign(result, { score: result.score / 2 }));
      }
    }
    // A long run of characters that occurs unchanged is meant unchanged: it is a title, mostly of a source.
    const literal = !exact && given.wanted.some(({ word }) => isRun(word) && [...word].length > 7) ? await ask_(given.wanted, true) : [];
    const most = Math.max(...[...results_.values()].map(({ score }) => score), 0);
    if (meant !== given && !given.missing.length) {
      for (const result of await ask_(given.wanted)) if (!results_.has(result.id)) results_.set(result.id, Object.assign(result, { score: most ? Math.min(result.score, most / 2) : result.score }));
    }
    for (const result of literal) results_.set(result.id, Object.assign(result, { literal: index.records.get(result.id)?.kind === "source" ? 3 : 2 }));
    const lead = exact || missing.length ? undefined : standardOf(text, stems, index);
    const answer = exact || missing.length ? [] : await answered(text, stems, lead, index);
    if (mine !== turn) return;
    const wanted = asked.map(({ word }) => word);
    const all = ordered([...results_.values()].filter(({ id }) => index.records.has(id)), wanted, stems, lead, index);
    const ofKind = ({ entry }) => !kind.value || entry.kind === kind.value;
    const ofStrand = ({ entry }) => !strand.value || entry.strands.includes(strand.value);
    const results = all.filter((row) => ofKind(row) && ofStrand(row));
    const show = (from) => Promise.all(results.slice(from, from + AT_ONCE).map(async (row) => item([await dataOf(row, stems), row.entry, row.section])));
    const shown = await show(0);
    if (mine !== turn) return;
    // The number of results with another choice.
    count(kind, KINDS, (value) => all.filter((row) => ofStrand(row) && row.entry.kind === value).length);
    count(strand, STRANDS, (value) => all.filter((row) => ofKind(row) && row.entry.strands.includes(value)).length);

    const said = [];
    if (missing.length) said.push(...say(WORDS.missing, quoted(missing)), " ");
    if (wanted.length) {
      const words = quoted([missing.length ? asked.map(({ shown }) => shown).join(" ") : text.replace(/^["“”]|["“”]$/g, "")]);
      const sentence = results.length > 1 ? say(WORDS.found, [results.length], words) : say(results.length ? WORDS.one : WORDS.nothing, words);
      said.push(...sentence, " ");
    }
    const near = unknown.concat(missing.filter((word) => /^\d{1,3}$/.test(word))).flatMap((word) => references(word.match(/^\d+/)[0], index.records));
    if (near.length) said.push(...say(WORDS.near, near.flatMap((word, place) => [place ? (place === near.length - 1 ? WORDS.or : COMMA) : "", ask(word)])), " ");
    if (wanted.length && !results.length && (kind.value || strand.value)) {
      said.push(element("button", { type: "button", className: "hb-search-all", textContent: WORDS.all }));
    } else if (!results.length && wanted.length > 1) {
      said.push(...say(WORDS.single, wanted.flatMap((word, place) => [place ? COMMA : "", ask(word)])));
    }
    status.replaceChildren(...said);
    answerLine.replaceChildren(...answer);
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

  /* -- keyboard and pointer -- */
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
  // On a phone the keyboard would hide the results.
  const keys = matchMedia("(hover: hover)").matches;
  if (!query.value || keys) query.focus({ preventScroll: true });
  lists(!query.value);
  if (query.value) search();
  else list.setAttribute("aria-busy", "false");
})();
