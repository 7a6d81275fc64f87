/*
 * What is shown once is marked as soon as the page can be seen, and a button copies it. Without this script it is
 * marked and copied by hand.
 */
"use strict";
(function () {
  function copy(field) {
    field.select();
    // The clipboard's own interface is there on https:// only; the old command everywhere.
    if (navigator.clipboard) {
      return navigator.clipboard.writeText(field.value);
    }
    return document.execCommand("copy") ? Promise.resolve() : Promise.reject();
  }

  function start() {
    const field = document.getElementById("secret");
    const button = document.getElementById("secret-copy");
    if (!field || !button) {
      return;
    }
    const said = document.getElementById("secret-said");
    button.hidden = false;
    button.addEventListener("click", () =>
      copy(field).then(
        () => (said.textContent = "Copied."),
        () => (said.textContent = "The browser does not allow it: copy by hand."),
      ),
    );
    // The page is hidden until the look's own script has run.
    const mark = () => {
      field.focus();
      if (document.activeElement === field) {
        field.select();
      } else {
        requestAnimationFrame(mark);
      }
    };
    mark();
  }

  document.addEventListener("DOMContentLoaded", start);
})();
