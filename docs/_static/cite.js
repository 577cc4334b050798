/* Fills the day of reading and the full address into "Cite this". Without this script the blocks have placeholders for them. */
(() => {
  "use strict";
  const now = new Date();
  const today = [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, "0"));
  for (const place of document.querySelectorAll(".hb-today")) place.textContent = today.join(place.dataset.between || "-");
  if (!location.protocol.startsWith("http")) return;
  for (const block of document.querySelectorAll(".hb-cite")) {
    const name = block.closest(".hb-milestone").id;
    const full = `${location.origin}${location.pathname}#${name}`;
    for (const part of block.querySelectorAll("p, pre")) {
      for (const node of part.childNodes) {
        if (node.nodeType === Node.TEXT_NODE) node.data = node.data.replace(new RegExp(`(?<![\\w/.:-])[\\w/.-]*#${name}(?![\\w-])`), full);
      }
    }
  }
})();
