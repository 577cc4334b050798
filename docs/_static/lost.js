/* On the page for lost addresses: shows the address, puts its words into the search, and shows the nearest results.
   Without this script the page is complete. */
(() => {
  "use strict";
  const line = document.querySelector(".hb-asked");
  const field = document.querySelector("#lost input[name=q]");
  if (!line || !field || !location.protocol.startsWith("http")) return;
  const root = new URL(document.documentElement.dataset.content_root || "/", location.href);
  // Hosts show one page for all lost addresses, the English one.
  const editions = [...document.querySelectorAll("a[rel=alternate][hreflang]")].map(({ href }) => href);
  const meant = editions.find((href) => href.startsWith(root.href) && location.href.startsWith(new URL(".", href).href));
  if (meant && !location.href.startsWith(meant)) {
    location.replace(`${meant}?asked=${encodeURIComponent(location.pathname)}`);
    return;
  }
  const asked = new URLSearchParams(location.search).get("asked") || location.pathname;
  let path = asked.startsWith(root.pathname) ? asked.slice(root.pathname.length) : asked.slice(1);
  try {
    path = decodeURIComponent(path);
  } catch { /* an address that is not UTF-8 is shown as it is */ }
  if (!path || path === "404.html") return;
  line.querySelector("code").textContent = path;
  line.hidden = false;
  const wordsOf = (text) => text.replace(/\.\w+$/, "").split(/[^\p{L}\p{N}]+/u).filter((word) => word && word !== "index").join(" ");
  field.value = wordsOf(path);

  const find = async () => {
    const pagefind = await import(new URL("pagefind/pagefind.js", root));
    await pagefind.init();
    const last = wordsOf(path.split("/").pop());
    // Search for all words, then for those of the page's own name, then for fewer and fewer of these from its end.
    const tries = [field.value, ...last.split(" ").map((_word, place, words) => words.slice(0, words.length - place).join(" "))];
    const found = new Map();
    for (const words of new Set(tries.filter(Boolean))) {
      const { results } = await pagefind.search(words);
      for (const result of results.slice(0, 16)) if (found.size < 24) found.set(result.id, result);
    }
    const all = await Promise.all([...found.values()].map((result) => result.data()));
    // Addresses with the same beginning come first.
    const shared = ({ raw_url: url }) => {
      let length = 0;
      while (length < path.length && url[length + 1] === path[length]) length += 1;
      return length;
    };
    return all.sort((a, b) => shared(b) - shared(a)).slice(0, 5);
  };
  const near = document.querySelector(".hb-near");
  find().then((found) => {
    for (const data of found) {
      const [page, anchor] = data.raw_url.replace(/^\//, "").replace(/\.html$/, "").split("~");
      const address = new URL(page + (anchor ? `#${anchor}` : ""), root).href;
      const item = document.createElement("li");
      item.append(Object.assign(document.createElement("a"), { href: address, textContent: data.meta.title }));
      near.querySelector("ul").append(item);
    }
    near.hidden = !found.length;
  }).catch(() => { /* without the index the form and the links remain */ });
})();
