/* Makes buttons of the two menus of small screens, and adds the address of the page for print. Without this script the boxes
   behind the menus serve the keyboard, and paper has the address that the build knows. */
(() => {
  "use strict";
  const address = document.querySelector(".hb-address");
  if (address && location.protocol.startsWith("http")) address.textContent = location.origin + location.pathname;
  const opened = [];
  for (const label of document.querySelectorAll("label.nav-overlay-icon, label.toc-overlay-icon")) {
    const box = document.getElementById(label.htmlFor);
    const button = Object.assign(document.createElement("button"), { type: "button", className: label.className });
    button.setAttribute("aria-label", box.getAttribute("aria-label"));
    const show = () => button.setAttribute("aria-expanded", String(box.checked));
    button.append(...label.childNodes);
    button.addEventListener("click", () => {
      box.checked = !box.checked;
      box.dispatchEvent(new Event("change"));
    });
    box.addEventListener("change", show);
    show();
    label.replaceWith(button);
    opened.push([box, button]);
  }
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const [box, button] of opened) {
      if (!box.checked || !button.checkVisibility()) continue;
      button.click();
      button.focus();
    }
  });
})();
