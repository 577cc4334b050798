/* Shows, at a link to a standard, a term or a source, a preview of it: on hover, on keyboard focus, on a first tap.
   A second tap follows the link; Escape closes the card. Without this script, or without network, links are links. */
(() => {
  "use strict";
  const article = document.querySelector("article[role=main]");
  if (!article) return;
  const words = document.currentScript.dataset;
  const root = new URL(document.documentElement.dataset.content_root || "./", location.href);
  const files = new Map();
  const fetched = (name, read) => {
    if (!files.has(name)) {
      files.set(name, fetch(new URL(name, root)).then((answer) => (answer.ok ? read(answer) : null)).catch(() => null));
    }
    return files.get(name);
  };
  const fragment = (html) => document.createRange().createContextualFragment(html);

  /* Where cards are: in running text, not in tables, headings and lists that have the same content. */
  const addressOf = (link) => new URL(link.getAttribute("href"), document.baseURI).href;
  const idOf = (link) => decodeURIComponent(link.hash.slice(1));
  const kindOf = (link) => {
    if (link.dataset.entry) return "entries";
    if (!link.hash || link.origin !== location.origin || link.pathname === location.pathname) return "";
    /* Only pages are fetched, not files for download. */
    if (!/(\.html|\/)$/.test(link.pathname)) return "";
    if (!link.closest("p, li, dd") || link.closest("table, h1, h2, h3, .headerlink, .hb-sources, .hb-card, nav")) return "";
    const id = idOf(link);
    if (id.startsWith("cite-")) return "sources";
    if (id.startsWith("term-")) return "terms";
    return new RegExp(`/${id.replace(/[^\w-]/g, "")}(\\.html|/)$`).test(link.pathname) ? "standards" : "";
  };
  const source = async (link) => {
    const id = idOf(link);
    const here = [...document.querySelectorAll(".hb-sources > li")].find((item) => item.querySelector(`a[href$="#${CSS.escape(id)}"]`));
    if (here) return [...here.cloneNode(true).childNodes];
    const page = await fetched(link.pathname, (answer) => answer.text().then((text) => new DOMParser().parseFromString(text, "text/html")));
    const entry = page && page.getElementById(id);
    return entry && [...entry.querySelectorAll("p")];
  };
  const entry = (link) => {
    const item = document.getElementById(link.dataset.entry);
    const leads = document.createElement("p");
    const { list, open } = link.closest("[data-list]").dataset;
    leads.append(Object.assign(document.createElement("a"), { href: `#${item.id}`, textContent: list }));
    if (link.getAttribute("href") !== `#${item.id}`) leads.append(" · ", Object.assign(document.createElement("a"), { href: addressOf(link), textContent: open }));
    return [...item.cloneNode(true).childNodes, leads];
  };
  const content = async (link, kind) => {
    if (kind === "entries") return entry(link);
    if (kind === "sources") return source(link);
    const cards = await fetched(`_cards/${kind}.json`, (answer) => answer.json());
    const card = cards && cards[kind === "terms" ? decodeURI(link.href.slice(root.href.length)) : idOf(link)];
    return card && [fragment(card)];
  };

  let shown = null; // {link, card}
  let waiting = 0;
  let asked = 0;
  const hide = () => {
    clearTimeout(waiting);
    asked += 1;
    if (!shown) return;
    shown.link.removeAttribute("aria-describedby");
    shown.card.remove();
    shown = null;
  };
  const place = (card, rect) => {
    /* On a phone a mark and its neighbours remain in view: its card is a sheet at the other end of the screen. */
    if (shown.link.dataset.entry && innerWidth < 740) {
      card.classList.add("hb-sheet");
      card.style.inset = rect.top + rect.bottom < innerHeight ? "auto 0 0" : "0 0 auto";
      return;
    }
    const width = card.offsetWidth;
    const below = rect.bottom + card.offsetHeight + 8 < innerHeight || rect.top < card.offsetHeight + 8;
    card.style.left = `${Math.max(8, Math.min(rect.left, document.documentElement.clientWidth - width - 8)) + scrollX}px`;
    card.style.top = `${(below ? rect.bottom + 4 : rect.top - card.offsetHeight - 4) + scrollY}px`;
  };
  const show = async (link, rect, tapped = false) => {
    if (shown && shown.link === link) return;
    hide();
    const turn = asked;
    const parts = await content(link, kindOf(link));
    if (turn !== asked) return;
    if (!parts) {
      if (tapped) location.assign(addressOf(link));
      return;
    }
    const card = document.createElement("div");
    card.className = "hb-card";
    card.id = "hb-card";
    card.setAttribute("role", "note");
    card.append(...parts);
    for (const part of card.querySelectorAll("[id]")) part.removeAttribute("id");
    if (tapped && !link.dataset.entry) {
      const open = document.createElement("p");
      open.append(Object.assign(document.createElement("a"), { href: link.href, textContent: words.open }));
      card.append(open);
    }
    /* After its link, so that the next Tab reaches the card's own links; on top of all where the browser can. */
    const top = typeof card.showPopover === "function";
    if (top) card.popover = "manual";
    (top ? link.closest("svg") || link : document.body.lastElementChild).after(card);
    if (top) card.showPopover();
    link.setAttribute("aria-describedby", card.id);
    shown = { link, card };
    place(card, rect);
  };
  const later = (what, milliseconds) => {
    clearTimeout(waiting);
    waiting = setTimeout(what, milliseconds);
  };
  const linkOf = (target) => {
    const link = target instanceof Element && target.closest("a[href]");
    return link && article.contains(link) && kindOf(link) ? link : null;
  };
  const inCard = (target) => Boolean(shown && target instanceof Node && shown.card.contains(target));
  /* A link may be split over two lines: the part under the pointer counts. */
  const pieceAt = (link, event) => {
    const pieces = [...link.getClientRects()];
    return pieces.find((piece) => event && event.clientY >= piece.top && event.clientY <= piece.bottom) || pieces[0];
  };

  document.addEventListener("pointerover", (event) => {
    if (event.pointerType === "touch") return;
    const link = linkOf(event.target);
    if (link) later(() => show(link, pieceAt(link, event)), 250);
    else if (inCard(event.target)) clearTimeout(waiting);
    else if (shown && !shown.card.contains(document.activeElement) && document.activeElement !== shown.link) later(hide, 300);
    else if (!shown) clearTimeout(waiting);
  });
  document.addEventListener("focusin", (event) => {
    const link = linkOf(event.target);
    if (link && link.matches(":focus-visible")) later(() => show(link, pieceAt(link)), 150);
    else if (shown && !inCard(event.target) && event.target !== shown.link) hide();
  });
  document.addEventListener("focusout", (event) => {
    if (shown && !event.relatedTarget && !shown.card.matches(":hover") && !shown.link.matches(":hover")) later(hide, 300);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const back = shown && shown.card.contains(document.activeElement) && shown.link;
    hide();
    if (back) back.focus();
  });
  document.addEventListener("hb-moved", hide);
  let touch = false;
  document.addEventListener("pointerdown", (event) => {
    touch = event.pointerType === "touch";
    if (shown && !inCard(event.target) && linkOf(event.target) !== shown.link) hide();
  }, true);
  document.addEventListener("click", (event) => {
    const link = touch && !event.defaultPrevented && linkOf(event.target);
    touch = false;
    if (!link || (shown && shown.link === link)) return;
    event.preventDefault();
    show(link, pieceAt(link, event), true);
  });
})();
