/* Copies a sentence with its sources, as plain lines. Without this script its button is not shown. */
(() => {
  "use strict";
  for (const button of document.querySelectorAll(".hb-copy")) {
    const quote = button.closest(".hb-safe").querySelector("blockquote");
    const words = button.textContent;
    // Only pages from a secure host or from this machine may write to the clipboard.
    if (!navigator.clipboard) {
      button.style.visibility = "hidden";
      continue;
    }
    button.addEventListener("click", async () => {
      const plain = quote.cloneNode(true);
      const sources = new Set();
      for (const mark of plain.querySelectorAll(".hb-note, .bibtex-citation")) {
        for (const link of mark.querySelectorAll("a")) {
          const item = [...document.querySelectorAll(".hb-sources > li")].find((one) => one.querySelector(`a[href="${link.getAttribute("href")}"]`));
          sources.add((item || link).textContent.trim().replace(/\s+/g, " "));
        }
        mark.remove();
      }
      const sentence = plain.textContent.trim().replace(/\s+/g, " ").replace(/ ([.,;:])/g, "$1");
      await navigator.clipboard.writeText([sentence, "", ...sources, location.href.split("#")[0]].join("\n"));
      button.textContent = button.dataset.done;
      setTimeout(() => { button.textContent = words; }, 2000);
    });
  }
})();
