/* A list without reloading: the page of the next address is fetched whole, and its parts that are marked
   data-live take the place of those that stand here. No answer is ever but a part of a page, so that no
   cache can show one as a page. Without this script the same links and the same form lead there. */

const LATE = 200; // milliseconds until something is said to be on its way
const root = document.documentElement;
const byId = (id) => document.getElementById(id);
let shown = location.pathname + location.search;
let running = null;
let going = null; // settles when what was asked last is shown
let composing = false;

root.classList.add("scripted");

/* --- fetching, and putting in place -------------------------------------------------------------- */

async function go(address, { push = true, keep = null, scroll = null } = {}) {
  running?.abort();
  const mine = (running = new AbortController());
  const late = setTimeout(() => root.classList.add("fetching"), LATE);
  const sent = box()?.value;
  byId("list-failed").hidden = true;
  try {
    const answer = await fetch(address, { signal: mine.signal, headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (answer.status >= 500) throw new Error(answer.statusText);
    if (!page.getElementById("found")) return location.assign(address);
    await syllableIsWritten();
    if (mine !== running) return;
    const { pathname, search } = new URL(answer.url);
    if (push) remember(pathname + search);
    shown = pathname + search;
    replace(page, keep, sent);
    if (scroll !== null) scrollTo(0, scroll);
  } catch (error) {
    if (mine === running && error.name !== "AbortError") fail(address);
  } finally {
    clearTimeout(late);
    if (mine === running) root.classList.remove("fetching");
  }
}

function remember(address) {
  history.replaceState({ scroll: scrollY }, "");
  if (address !== shown) history.pushState({ scroll: 0 }, "", address);
}

function replace(page, keep, sent) {
  const used = document.activeElement;
  const key = keep ?? (used.closest("[data-live]") ? keyOf(used) : null);
  const typed = box() && { text: used.value, from: used.selectionStart, to: used.selectionEnd };
  const open = [...document.querySelectorAll("#filters details[id]")].map((one) => [one.id, one.open]);
  for (const part of document.querySelectorAll("[data-live]")) {
    const next = page.getElementById(part.id);
    if (next) part.replaceWith(document.adoptNode(next));
  }
  for (const [id, isOpen] of open) {
    if (byId(id)) byId(id).open = isOpen || Boolean(byId(id).querySelector(".field-error"));
  }
  if (document.querySelector(".field-error")) byId("filter-toggle").open = true;
  document.title = page.title;
  document.querySelectorAll("head link[rel=alternate]").forEach((one) => one.remove());
  document.head.append(...page.querySelectorAll("head link[rel=alternate]"));
  document.dispatchEvent(new Event("entente:replaced"));
  if (key) focusOn(key, typed, sent);
  const words = document.querySelectorAll("#results, #found > .notice, #list-told p, #list-told li");
  byId("list-said").textContent = [...words].map((one) => one.textContent.trim()).join(" – ");
}

function fail(address) {
  byId("list-failed").querySelector("[data-again]").href = address;
  byId("list-failed").hidden = false;
  byId("list-failed").scrollIntoView({ block: "nearest" });
}

/* --- the focus stays on what was used --------------------------------------------------------------- */

function keyOf(used) {
  if (used.dataset.key) return `[data-key="${CSS.escape(used.dataset.key)}"]`;
  if (used.id) return `#${CSS.escape(used.id)}`;
  if (used.name) return `#filters [name="${CSS.escape(used.name)}"][value="${CSS.escape(used.value)}"]`;
  if (used.matches("summary")) return `#${CSS.escape(used.parentElement.id)} > summary`;
  const place = [...document.querySelectorAll(".chips li")].indexOf(used.parentElement);
  return place < 0 ? "#results" : `.chips li:nth-child(${place + 1}) a`;
}

function focusOn(key, typed, sent) {
  const found = document.querySelector(key) ?? byId("results");
  const inside = found.matches("summary") ? found.parentElement : found;
  for (let one = inside.parentElement.closest("details"); one; one = one.parentElement.closest("details")) {
    one.open = true;
  }
  found.focus({ preventScroll: true });
  if (key === "#results") found.scrollIntoView({ block: "start" });
  if (!typed || !found.matches("input")) return;
  if (typed.text !== sent) found.value = typed.text; // what was typed meanwhile is not taken away
  found.setSelectionRange(typed.from, typed.to);
}

function box() {
  const used = document.activeElement;
  return used?.matches("#filters input:is([type=search], [type=text])") ? used : null;
}

/* A syllable that is being put together (Korean, Japanese, Chinese) loses nothing under its writer's hands. */
document.addEventListener("compositionstart", () => (composing = true));
document.addEventListener("compositionend", () => (composing = false));

function syllableIsWritten() {
  if (!composing) return null;
  return new Promise((done) => document.addEventListener("compositionend", () => setTimeout(done), { once: true }));
}

/* --- what leads to another answer ------------------------------------------------------------------- */

function asked() {
  const query = new URLSearchParams();
  for (const [name, value] of new FormData(byId("filters"))) {
    if (value.trim() && !query.getAll(name).includes(value)) query.append(name, value);
  }
  return query;
}

const addressOf = (query) => location.pathname + (query.size ? `?${query}` : "");

document.addEventListener("change", (event) => {
  if (event.target.matches("#filters :is(select, [type=checkbox])")) go(addressOf(asked()));
});

document.addEventListener("submit", (event) => {
  if (event.target.id !== "filters") return;
  event.preventDefault();
  const sheet = byId("filter-toggle");
  const keep = sheet.open ? "#results" : null;
  sheet.open = false;
  go(addressOf(asked()), { keep });
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-live] a[href], [data-again]");
  const plain = event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
  if (!link || !plain || event.defaultPrevented || link.target || link.hasAttribute("download")) return;
  if (link.origin !== location.origin || link.pathname !== location.pathname || link.hash) return;
  event.preventDefault();
  going = follow(link, going);
});

/* Who uses two links quickly means both: the second is that of the page which the first one brings. */
async function follow(link, before) {
  const { key } = link.dataset;
  if (key) await before;
  const now = (key && document.querySelector(`a[data-key="${CSS.escape(key)}"]`)) || link;
  await go(now.pathname + now.search, { keep: link.closest(".pages, .empty") ? "#results" : null });
}

/* A suggestion that was chosen becomes a filter, where the list has one for it. */
document.addEventListener("entente:chosen", (event) => {
  const filters = new Map((event.target.dataset.filters ?? "").split(" ").map((pair) => pair.split(":")));
  const name = filters.get(event.detail.resource);
  if (!name || !event.target.closest("#filters")) return;
  event.preventDefault();
  event.target.value = "";
  const query = asked();
  if (!query.getAll(name).includes(event.detail.id)) query.append(name, event.detail.id);
  go(addressOf(query));
});

addEventListener("popstate", (event) => {
  if (location.pathname + location.search === shown) return;
  go(location.pathname + location.search, { push: false, scroll: event.state?.scroll ?? 0 });
});
