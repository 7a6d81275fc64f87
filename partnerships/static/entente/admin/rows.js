/* Rows of the agreement's form: choices among rows of another inline, and removal that loses nothing. */
"use strict";
(function () {
  const EMPTY = "—";

  function standing(prefix) {
    const rows = [];
    const total = document.getElementById(`id_${prefix}-TOTAL_FORMS`);
    for (let index = 0; total && index < Number(total.value); index += 1) {
      const row = `${prefix}-${index}`;
      const gone = document.querySelector(`[name="${row}-DELETE"]`);
      if (!gone || (gone.type === "checkbox" && !gone.checked)) {
        rows.push(row);
      }
    }
    return rows;
  }

  function labelOf(row, field) {
    const input = document.getElementById(`id_${row}-${field}`);
    if (!input) {
      return "";
    }
    if (input.tagName === "SELECT") {
      const chosen = input.selectedOptions[0];
      return chosen && chosen.value ? chosen.textContent.trim() : "";
    }
    return input.value.trim();
  }

  /* Offer in `select` the rows that stand in the form now and have a label. */
  function refill(select) {
    const chosen = select.value;
    const options = [new Option(EMPTY, "")];
    standing(select.dataset.rowsOf).forEach((row) => {
      const label = labelOf(row, select.dataset.rowLabel);
      if (label) {
        options.push(new Option(label, row, row === chosen, row === chosen));
      }
    });
    select.replaceChildren(...options);
  }

  function refillAll() {
    document.querySelectorAll("select[data-rows-of]").forEach(refill);
  }

  /*
   * The look's own script numbers the later rows anew when an unsaved row is removed, and what was
   * typed into them is lost. So an unsaved row is kept, hidden and marked as deleted.
   */
  function removeRow(event) {
    const button = event.target.closest(".delete-template");
    if (!button) {
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    const group = button.closest(".form-group");
    const named = group.querySelector("[name]:not([name*='__prefix__'])");
    const formset = JSON.parse(button.closest(".formset").dataset.inlineFormset);
    const prefix = formset.options.prefix;
    const index = named && named.name.slice(prefix.length + 1).split("-")[0];
    const mark = document.createElement("input");
    mark.type = "hidden";
    mark.name = `${prefix}-${index}-DELETE`;
    mark.value = "on";
    group.append(mark);
    group.hidden = true;
    group.style.display = "none";
    refillAll();
  }

  document.addEventListener("click", removeRow, true);
  document.addEventListener("focusin", (event) => {
    if (event.target.matches("select[data-rows-of]")) {
      refill(event.target);
    }
  });
  document.addEventListener("change", (event) => {
    if (!event.target.matches("select[data-rows-of]")) {
      refillAll();
    }
  });
  window.addEventListener("load", () => {
    refillAll();
    // Search-as-you-type fields announce their changes through jQuery only.
    if (window.django && window.django.jQuery) {
      window.django.jQuery(document).on("change", "select.admin-autocomplete", refillAll);
    }
  });
})();
