/* The preview of "make serve": reloads a page when it has been rebuilt, and shows problems in a corner. */
(() => {
  "use strict";
  const KEY = "preview-place";
  const path = decodeURI(location.pathname);
  const page = path.slice(1) + (path.endsWith("/") ? "index.html" : "");

  /* The last element with an anchor that has left, or is about to leave, the top of the window. */
  const anchor = () => {
    const above = [...document.querySelectorAll("main [id], [role=main] [id]")]
      .filter((element) => element.getBoundingClientRect().top <= 1);
    return above[above.length - 1];
  };

  const leave = () => {
    const at = anchor();
    sessionStorage.setItem(KEY, JSON.stringify({
      page,
      id: at ? at.id : "",
      top: at ? at.getBoundingClientRect().top : 0,
      y: scrollY,
    }));
    location.reload();
  };

  const comeBack = () => {
    const was = JSON.parse(sessionStorage.getItem(KEY) || "{}");
    sessionStorage.removeItem(KEY);
    if (was.page !== page) return;
    const at = was.id && document.getElementById(was.id);
    const y = at ? scrollY + at.getBoundingClientRect().top - was.top : was.y;
    scrollTo({ top: y, behavior: "instant" });
  };

  const element = (name, text, parent) => {
    const made = document.createElement(name);
    made.textContent = text;
    parent.append(made);
    return made;
  };

  const corner = document.createElement("aside");
  corner.id = "preview-problems";
  corner.setAttribute("role", "status");
  corner.setAttribute("aria-label", "Preview");

  const show = (problems) => {
    corner.replaceChildren();
    corner.hidden = problems.length === 0;
    if (corner.hidden) return;
    element("strong", problems.length === 1 ? "1 problem" : `${problems.length} problems`, corner);
    const list = element("ul", "", corner);
    for (const { file, line, text, hint } of problems) {
      const item = element("li", "", list);
      if (file) element("code", line ? `${file}:${line}` : file, item);
      element("p", text, item);
      if (hint) element("p", hint, item).className = "preview-hint";
    }
  };

  const build = document.currentScript.dataset.build;
  document.body.append(corner);
  show([]);
  comeBack();
  addEventListener("load", () => {
    const events = new EventSource(`/-preview/events?page=${encodeURIComponent(page)}&build=${build}`);
    events.addEventListener("message", ({ data }) => {
      const { reload, problems } = JSON.parse(data);
      if (reload) {
        events.close();
        leave();
      } else {
        show(problems);
      }
    });
    addEventListener("pagehide", () => events.close());
  });
})();
