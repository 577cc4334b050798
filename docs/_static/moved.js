/* Follows an address whose anchor has moved to another place of the handbook: a source's to the page that has its entry.
   Without this script the link is shown, or marked. */
(() => {
  "use strict";
  const follow = () => {
    const line = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const link = line && (line.matches(".hb-moved") ? line.querySelector("a") : line.matches("a.hb-leads") && line);
    // A writer can name a class, too: nobody is led to another host.
    if (link && link.origin === location.origin) location.replace(link.href);
  };
  addEventListener("hashchange", follow);
  follow();
})();
