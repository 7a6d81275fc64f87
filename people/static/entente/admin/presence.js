/* Signs that a form is open, for the hint that others see; and what to tell of them here. */
"use strict";
(function () {
  function begin(hint) {
    const address = hint.dataset.presence;
    let left = false;

    function sign(facts) {
      const body = new FormData();
      const mark = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/);
      const field = document.querySelector("[name=csrfmiddlewaretoken]");
      body.append("csrfmiddlewaretoken", mark ? mark[1] : (field || {}).value || "");
      Object.entries(facts).forEach(([name, value]) => body.append(name, value));
      return body;
    }

    function tell(words) {
      hint.textContent = words;
      hint.hidden = !words;
    }

    async function beat() {
      // A form in a forgotten tab is not being edited.
      if (document.hidden || left) {
        return;
      }
      try {
        const answer = await fetch(address, { method: "POST", body: sign({}), redirect: "error" });
        if (answer.ok) {
          tell((await answer.json()).told);
        }
      } catch {
        // The network is away: the hint may wait, the form does not depend on it.
      }
    }

    // The page that was left says so a moment later than this one was asked for.
    window.setTimeout(beat, 1500);
    window.setInterval(beat, Number(hint.dataset.beat) * 1000);
    document.addEventListener("visibilitychange", beat);
    window.addEventListener("pagehide", () => {
      left = true;
      navigator.sendBeacon(address, sign({ leave: "1" }));
    });
    window.addEventListener("pageshow", (event) => {
      if (event.persisted) {
        left = false;
        beat();
      }
    });
  }

  document.addEventListener("DOMContentLoaded", () => {
    const hint = document.getElementById("presence");
    if (hint) {
      begin(hint);
    }
  });
})();
