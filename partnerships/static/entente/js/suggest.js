/* Suggestions under every input[data-suggest]: the combobox pattern of the ARIA Authoring Practices, with a
   list that only proposes. Enter searches for the words, unless the arrows chose a suggestion.

   data-suggest names the resources that are proposed (none: all). Choosing fires “entente:chosen” on the box;
   where nobody takes it up, the page of the record is opened. */

const PAUSE = 120; // milliseconds after the last key
const KEPT = 100;
const answers = new Map();
const said = document.createElement("p");
const popup = document.createElement("div");
let box = null;
let active = -1;
let timer = 0;
let running = null;

said.className = "visually-hidden";
said.setAttribute("role", "status");
popup.className = "suggestions";
popup.id = "suggestions";
popup.hidden = true;
popup.setAttribute("role", "listbox");

const options = () => [...popup.querySelectorAll("[role=option]")];

function attach(input) {
  if (input.getAttribute("role") === "combobox") return;
  const told = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": popup.id };
  for (const [name, value] of Object.entries(told)) input.setAttribute(name, value);
  input.setAttribute("autocomplete", "off");
  input.parentElement.classList.add("suggests");
}

function close() {
  clearTimeout(timer);
  running?.abort();
  popup.hidden = true;
  active = -1;
  box?.setAttribute("aria-expanded", "false");
  box?.removeAttribute("aria-activedescendant");
}

/* --- asking ------------------------------------------------------------------------------------------ */

const isWorthAsking = (text) => text.length > 1 || /[^\x00-\x7f]/.test(text);

async function ask(input) {
  const text = input.value.trim().slice(0, 200);
  if (!isWorthAsking(text)) return close();
  const query = new URLSearchParams({ q: text });
  for (const resource of (input.dataset.suggest || "").split(" ").filter(Boolean)) query.append("resource", resource);
  const address = `/suggest/?${query}`;
  running?.abort();
  const mine = (running = new AbortController());
  try {
    if (!answers.has(address)) {
      const answer = await fetch(address, { signal: mine.signal });
      if (!answer.ok) return close();
      if (answers.size >= KEPT) answers.delete(answers.keys().next().value);
      answers.set(address, await answer.json());
    }
    if (mine === running && document.activeElement === input) show(input, answers.get(address));
  } catch (error) {
    if (error.name !== "AbortError") close(); // Suggestions are a help: without them the words are searched for.
  }
}

/* --- showing ----------------------------------------------------------------------------------------- */

function element(name, className, text) {
  const made = document.createElement(name);
  made.className = className;
  if (text) made.textContent = text;
  return made;
}

function optionOf(one, number) {
  const made = element("div", "suggestion");
  made.id = `suggestion-${number}`;
  made.setAttribute("role", "option");
  made.setAttribute("aria-selected", "false");
  made.dataset.number = number;
  const name = element("span", "suggestion-name");
  if (one.found_as) {
    const found = element("span", "suggestion-found", one.found_as.name);
    if (one.found_as.language) found.lang = one.found_as.language;
    name.append(found, " → ");
  }
  name.append(element("span", "", one.name));
  made.append(name, " ", element("span", "suggestion-count", one.number), " ", element("span", "suggestion-what", one.what));
  made.record = one;
  return made;
}

function show(input, answer) {
  let number = 0;
  popup.replaceChildren(
    ...answer.groups.map((group, place) => {
      const made = element("div", "suggestion-group");
      const title = element("div", "suggestion-title", group.title);
      title.id = `suggestion-title-${place}`;
      made.setAttribute("role", "group");
      made.setAttribute("aria-labelledby", title.id);
      made.append(title, ...group.items.map((one) => optionOf({ ...one, resource: group.resource }, number++)));
      return made;
    }),
  );
  active = -1;
  box = input;
  input.after(popup);
  input.removeAttribute("aria-activedescendant");
  popup.hidden = !number;
  input.setAttribute("aria-expanded", String(Boolean(number)));
  said.textContent = answer.said;
}

function move(place) {
  const all = options();
  all[active]?.setAttribute("aria-selected", "false");
  // One place more than there are suggestions: the box itself.
  active = ((place + 1 + all.length + 1) % (all.length + 1)) - 1;
  const chosen = all[active];
  if (!chosen) return box.removeAttribute("aria-activedescendant");
  chosen.setAttribute("aria-selected", "true");
  chosen.scrollIntoView({ block: "nearest" });
  box.setAttribute("aria-activedescendant", chosen.id);
}

function choose(option) {
  const { resource, id, address } = option.record;
  const input = box;
  close();
  const chosen = new CustomEvent("entente:chosen", { bubbles: true, cancelable: true, detail: { resource, id, address } });
  if (input.dispatchEvent(chosen)) location.assign(address);
}

/* --- keys and mouse ---------------------------------------------------------------------------------- */

const isBox = (target) => target instanceof Element && target.matches("input[data-suggest]");

document.addEventListener("input", (event) => {
  if (!isBox(event.target)) return;
  clearTimeout(timer);
  running?.abort();
  timer = setTimeout(() => ask(event.target), PAUSE);
});

document.addEventListener("keydown", (event) => {
  // While a syllable is being put together, the keys belong to the input method.
  if (!isBox(event.target) || event.isComposing || event.keyCode === 229) return;
  const isOpen = !popup.hidden && box === event.target;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    if (isOpen) move(active + (event.key === "ArrowDown" ? 1 : -1));
    else ask(event.target);
  } else if (event.key === "Enter") {
    const chosen = isOpen && options()[active];
    if (chosen) event.preventDefault();
    if (chosen) choose(chosen);
    else close();
  } else if (event.key === "Escape" && isOpen) {
    event.preventDefault();
    close();
  }
});

popup.addEventListener("pointerdown", (event) => event.preventDefault()); // the focus stays in the box
popup.addEventListener("click", (event) => {
  const option = event.target.closest("[role=option]");
  if (option) choose(option);
});
document.addEventListener("focusout", (event) => {
  if (event.target === box) close();
});

const attachAll = () => document.querySelectorAll("input[data-suggest]").forEach(attach);
document.addEventListener("focusin", (event) => isBox(event.target) && attach(event.target));
document.addEventListener("entente:replaced", () => {
  if (!popup.isConnected) close();
  if (!popup.isConnected) document.body.append(popup);
  attachAll();
});
document.body.append(said, popup);
attachAll();
