/* The key / leads to the search field of the page. */
document.addEventListener("keydown", (event) => {
  const busy = event.target.closest?.("input, select, textarea, [contenteditable]");
  if (event.key !== "/" || busy || event.ctrlKey || event.altKey || event.metaKey) return;
  const field = document.querySelector("input[name=q]");
  if (!field) return;
  event.preventDefault();
  // On a narrow screen the field of the sidebar is in a drawer.
  const drawer = document.getElementById("__navigation");
  if (drawer && field.closest(".sidebar-drawer") && field.getBoundingClientRect().right <= 0) drawer.checked = true;
  field.focus();
});
