/*
 * A form is sent once: whoever presses a button twice must not find two records, or a quarrel with themselves.
 * And it is sent with the mark that holds now: signing in again in another window gives the browser a new one,
 * and a form that stood open meanwhile would be refused with everything that was typed.
 */
"use strict";
(function () {
  const PATIENCE = 10000;

  function renewMark(form) {
    const mark = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/);
    if (mark && form.elements.csrfmiddlewaretoken) {
      form.elements.csrfmiddlewaretoken.value = mark[1];
    }
  }

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
    renewMark(form);
  });
  // Going back shows the page as it was left.
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-sent-at]").forEach((form) => delete form.dataset.sentAt);
  });
})();
