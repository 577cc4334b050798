/* On the page for lost addresses: names what was asked for and puts its words into the search. Without this script the page is whole. */
(() => {
  "use strict";
  const line = document.querySelector(".hb-asked");
  const field = document.querySelector("#lost input[name=q]");
  if (!line || !field) return;
  const root = new URL(document.documentElement.dataset.content_root || "/", location.href).pathname;
  let path = location.pathname.startsWith(root) ? location.pathname.slice(root.length) : location.pathname.slice(1);
  try {
    path = decodeURIComponent(path);
  } catch { /* an address that is not UTF-8 is shown as it is */ }
  if (!path || path === "404.html") return;
  line.querySelector("code").textContent = path;
  line.hidden = false;
  field.value = path.replace(/\.\w+$/, "").split(/[^\p{L}\p{N}]+/u).filter((word) => word && word !== "index").join(" ");
})();
