/*
 * Keys of the admin: save, save and go back, search, new, and a dialog that lists them.
 * Single keys never fire while one types; browsers' own combinations stay theirs, but for Ctrl+S on a
 * form, where saving the page as a file is nobody's wish.
 */
"use strict";
(function () {
  const MAC = /Mac|iPhone|iPad/.test(navigator.platform);
  const CTRL = MAC ? "⌘" : "Ctrl";
  const TYPING = "input:not([type=checkbox]):not([type=radio]):not([type=submit]):not([type=button]), textarea, select, [contenteditable], .select2-container";

  function button(...names) {
    return names.map((name) => document.querySelector(`[type=submit][name="${name}"]`)).find(Boolean) || null;
  }

  /* In a window that “+” opened there is only one way to save. */
  const saveAndStay = () => button("_continue", "_save");
  const saveAndLeave = () => button("_save", "_continue");

  function press(found) {
    const form = found && found.form;
    if (!form) {
      return false;
    }
    // Fields tell of their change when they are left.
    if (document.activeElement instanceof HTMLElement) {
      document.activeElement.blur();
    }
    form.requestSubmit(found);
    return true;
  }

  function submitAround(element) {
    const form = element && element.closest("form[method=post]");
    const found = form && form.querySelector("[type=submit]");
    if (!found || form.id === "changelist-form") {
      return false;
    }
    form.requestSubmit(found);
    return true;
  }

  function open(link) {
    if (link) {
      link.click();
    }
    return Boolean(link);
  }

  const newRecord = () =>
    document.querySelector("#changelist") && [...document.querySelectorAll("a[href]")].find(
      (link) => link.pathname === `${window.location.pathname}add/`);
  const searchBox = () => document.getElementById("searchbar");

  const KEYS = [
    {shown: `${CTRL}+S`, words: "Save and go on editing", there: saveAndStay},
    {shown: `${CTRL}+Enter`, words: "Save and go back to the list; in a small form, send it", there: saveAndLeave},
    {shown: "/", words: "Search in the list", there: searchBox},
    {shown: "n", words: "New record, from a list", there: newRecord},
    {shown: "?", words: "Show these keys", there: () => true},
    {shown: "Esc", words: "Close this window", there: () => true},
  ];

  function dialog() {
    const known = document.getElementById("keys-help");
    if (known) {
      return known;
    }
    const made = document.createElement("dialog");
    made.id = "keys-help";
    made.className = "keys-help";
    made.setAttribute("aria-labelledby", "keys-title");
    const title = document.createElement("h2");
    title.id = "keys-title";
    title.textContent = "Keys";
    const list = document.createElement("dl");
    KEYS.forEach(({shown, words, there}) => {
      const row = document.createElement("div");
      const key = document.createElement("dt");
      const kbd = document.createElement("kbd");
      kbd.textContent = shown;
      key.append(kbd);
      const what = document.createElement("dd");
      what.textContent = there() ? words : `${words} (not on this page)`;
      row.append(key, what);
      list.append(row);
    });
    const close = document.createElement("button");
    close.type = "button";
    close.textContent = "Close";
    close.addEventListener("click", () => made.close());
    made.append(title, list, close);
    document.body.append(made);
    return made;
  }

  function showHelp() {
    const made = dialog();
    if (made.open) {
      made.close();
    } else {
      made.showModal();
    }
    return true;
  }

  function combined(event) {
    if (event.shiftKey || event.altKey) {
      return false;
    }
    if (event.key === "s" || event.key === "S") {
      return press(saveAndStay());
    }
    if (event.key === "Enter") {
      const element = document.activeElement;
      const main = saveAndLeave();
      const elsewhere = element && element.closest("form[method=post]");
      return elsewhere && main && elsewhere !== main.form ? submitAround(element) : press(main) || submitAround(element);
    }
    return false;
  }

  function single(event) {
    const element = document.activeElement;
    if (event.altKey || (element && element.matches(TYPING)) || document.querySelector("dialog[open]")) {
      return false;
    }
    if (event.key === "?") {
      return showHelp();
    }
    if (event.shiftKey) {
      return false;
    }
    if (event.key === "n") {
      return open(newRecord());
    }
    if (event.key === "/" && searchBox()) {
      searchBox().focus();
      return true;
    }
    return false;
  }

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.repeat || event.defaultPrevented) {
      return;
    }
    const withControl = MAC ? event.metaKey : event.ctrlKey;
    const plain = !event.ctrlKey && !event.metaKey;
    if ((withControl && combined(event)) || (plain && single(event))) {
      event.preventDefault();
    }
  });

  function announce(found, shown, keys) {
    if (found) {
      found.title = shown;
      found.setAttribute("aria-keyshortcuts", keys);
    }
  }

  document.addEventListener("DOMContentLoaded", () => {
    const [stay, leave] = [saveAndStay(), saveAndLeave()];
    announce(stay, KEYS[0].shown, MAC ? "Meta+S" : "Control+S");
    announce(leave, stay === leave ? `${KEYS[0].shown}, ${KEYS[1].shown}` : KEYS[1].shown, MAC ? "Meta+Enter" : "Control+Enter");
    announce(newRecord(), "n", "n");
    const side = document.getElementById("nav-sidebar-apps");
    if (side) {
      const hint = document.createElement("button");
      hint.type = "button";
      hint.className = "keys-hint";
      hint.title = "?";
      hint.setAttribute("aria-keyshortcuts", "?");
      hint.textContent = "Keys: ?";
      hint.addEventListener("click", showHelp);
      side.after(hint);
    }
  });
})();
