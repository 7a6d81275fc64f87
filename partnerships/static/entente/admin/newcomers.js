/* While the name of a new institution is typed: which ones stand already that it may mean. */
"use strict";
document.addEventListener("DOMContentLoaded", () => {
  const told = document.getElementById("meanwhile");
  const name = document.getElementById("id_name");
  if (!told || !name) {
    return;
  }
  const others = ["country", "ror_id"].map((field) => document.getElementById(`id_${field}`)).filter(Boolean);
  const address = new URL(told.dataset.address, window.location.href);
  let waiting = 0;
  let asked = null;

  // Below the name that it is about, not above the form.
  (name.closest(".field-name") || name.parentElement).after(told);

  async function ask() {
    [name, ...others].forEach((field) => address.searchParams.set(field.name, field.value));
    if (asked) {
      asked.abort();
    }
    asked = new AbortController();
    try {
      const answer = await fetch(address, { signal: asked.signal, redirect: "error" });
      if (answer.ok) {
        told.innerHTML = await answer.text();
        told.hidden = !told.childElementCount;
      }
    } catch {
      // Typed on, or the network is away: the form asks once more when it is sent.
    }
  }

  function soon() {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(ask, 400);
  }

  name.addEventListener("input", soon);
  others.forEach((field) => field.addEventListener("change", soon));
  // The choice of a country tells jQuery alone that it has changed.
  if (window.django && window.django.jQuery) {
    window.django.jQuery(others).on("change", soon);
  }
});
