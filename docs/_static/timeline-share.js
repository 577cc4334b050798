/* Shares the timeline's picture: as SVG or PNG in its present state, with its source, or as code to embed. */
window.handbookShare = (() => {
  "use strict";
  const SVG = "http://www.w3.org/2000/svg";
  const make = (tag, attributes = {}) => {
    const element = document.createElementNS(SVG, tag);
    for (const [name, text] of Object.entries(attributes)) element.setAttribute(name, text);
    return element;
  };
  const PAINT = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "stroke-opacity", "font-size", "font-weight", "opacity"];
  const copy = ({ svg, width, words }) => {
    const clone = svg.cloneNode(true);
    const originals = [...svg.querySelectorAll("*")];
    for (const [number, element] of [...clone.querySelectorAll("*")].entries()) {
      const style = getComputedStyle(originals[number]);
      for (const name of PAINT) element.setAttribute(name, style.getPropertyValue(name));
      for (const name of ["class", "tabindex", "aria-label", "data-entry", "role"]) element.removeAttribute(name);
      if (element.tagName === "a") element.setAttribute("href", new URL(element.getAttribute("href"), location.href).href);
    }
    const high = svg.viewBox.baseVal.height + 24;
    for (const [name, text] of Object.entries({ xmlns: SVG, viewBox: `0 0 ${width} ${high}`, width, height: high, "font-family": "system-ui, sans-serif" })) clone.setAttribute(name, text);
    const paper = getComputedStyle(document.body);
    clone.prepend(make("rect", { width, height: high, fill: paper.backgroundColor }));
    const note = make("text", { x: 4, y: high - 8, "font-size": 11, fill: paper.color });
    note.textContent = `${words.licence} · ${location.href}`;
    clone.append(note);
    return { text: new XMLSerializer().serializeToString(clone), high };
  };
  const save = (blob, name) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  };
  const escape = (text) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
  return {
    SVG: (shown) => save(new Blob([copy(shown).text], { type: "image/svg+xml" }), "timeline.svg"),
    PNG(shown) {
      const { text, high } = copy(shown);
      const image = new Image();
      image.addEventListener("load", () => {
        const canvas = document.createElement("canvas");
        canvas.width = shown.width * 2;
        canvas.height = high * 2;
        canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
        canvas.toBlob((blob) => save(blob, "timeline.png"));
      });
      image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
    },
    embed({ tools, words, root }) {
      const old = tools.parentElement.querySelector("textarea");
      if (old) return old.remove();
      const source = new URL(`${root}embed/timeline.html${location.search}`, location.href);
      const box = document.createElement("textarea");
      box.readOnly = true;
      box.rows = 3;
      box.setAttribute("aria-label", words.embed);
      box.value = `<iframe src="${escape(source.href)}" title="${escape(words.title)}" width="100%" height="640" loading="lazy"></iframe>\n<p><a href="${escape(location.href)}">${escape(words.licence)}</a></p>`;
      tools.after(box);
      box.select();
    },
  };
})();
