/* Follows an address whose anchor has moved to another place of the handbook: a source's to the page that has its entry.
   Without this script the link is shown, or marked. */
(() => {
  "use strict";
  const follow = () => {
    const line = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const link = line && (line.matches(".hb-moved") ? line.querySelector("a") : line.matches("a.hb-leads") && line);
    // A page can use this class, too, so no other host is followed.
    if (link && link.origin === location.origin) location.replace(link.href);
  };
  addEventListener("hashchange", follow);
  follow();
})();
