/* A form is sent once: whoever presses a button twice must not find two records, or a quarrel with themselves. */
"use strict";
(function () {
  const PATIENCE = 10000;

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) {
      return;
    }
    if (Date.now() - Number(form.dataset.sentAt || 0) < PATIENCE) {
      event.preventDefault();
      return;
    }
    form.dataset.sentAt = Date.now();
  });
  // Going back shows the page as it was left.
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-sent-at]").forEach((form) => delete form.dataset.sentAt);
  });
})();
