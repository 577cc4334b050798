/* Follows an address whose anchor has moved to another place. Without this script a line with the link is shown. */
(() => {
  "use strict";
  const follow = () => {
    const line = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (line && line.matches(".hb-moved")) location.replace(line.querySelector("a").href);
  };
  addEventListener("hashchange", follow);
  follow();
})();
