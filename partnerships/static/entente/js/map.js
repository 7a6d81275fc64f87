// Comfort for the map: zoom and move with wheel, fingers and keys, without leaving the page.
// Every part of the map is an address that the server draws; this script fetches it and puts it in place.
// Without the script the same addresses are links.

const NEARER = ["+", "="], FARTHER = ["-", "_"];
const ARROWS = { ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down" };
const WAIT = 160;

const figure = () => document.querySelector("[data-map]");
const frame = () => document.querySelector("[data-map-frame]");
let running = null;

/** Put what `address` shows of the map into this page; `keep` says how the address is kept. */
async function show(address, keep = "push", focus = "") {
  running?.abort();
  running = new AbortController();
  figure().classList.add("is-loading");
  try {
    const answer = await fetch(address, { signal: running.signal, headers: { Accept: "text/html" } });
    if (!answer.ok) throw new Error(answer.status);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!page.querySelector("[data-map]")) throw new Error("no map");
    swap(page);
  } catch (error) {
    if (error.name !== "AbortError") location.assign(address);
    return;
  }
  if (keep === "push") history.pushState({ map: true }, "", address);
  const told = figure().querySelector("[data-map-told]");
  told.textContent = document.getElementById("map-words").textContent.replace(/\s+/g, " ").trim();
  if (focus === "frame") frame().focus({ preventScroll: true });
  else if (focus) (figure().querySelector(`a[data-map-way="${focus}"]`) ?? frame()).focus({ preventScroll: true });
}

/** Take over what differs between two parts of the map: the map, its tables, and what leads on from here. */
function swap(page) {
  const open = [...document.querySelectorAll(".results details")].map((one) => one.open);
  for (const selector of ["[data-map]", ".data-links", ".switch"]) {
    const here = document.querySelector(selector), there = page.querySelector(selector);
    if (here && there) here.replaceWith(there);
  }
  const tables = [...document.querySelectorAll(".results details")];
  [...page.querySelectorAll(".results details")].forEach((one, place) => {
    one.open ||= open[place];
    tables[place]?.replaceWith(one);
  });
  for (const one of page.querySelectorAll("input[type=hidden][form=filters]")) {
    const mine = document.querySelector(`input[type=hidden][form=filters][name="${one.name}"]`);
    if (mine) mine.value = one.value;
    else document.querySelector(".with-filters").append(one);
  }
  watch();
  document.dispatchEvent(new Event("entente:map"));
}

/** The address of a part of the map. */
function addressOf(longitude, latitude, zoom) {
  const asked = new URL(location.href);
  asked.hash = "";
  asked.searchParams.delete("at");
  asked.searchParams.delete("page");
  asked.searchParams.delete("view");
  const view = `${+longitude.toFixed(3)},${+latitude.toFixed(3)},${zoom}`;
  const rest = asked.searchParams.toString();
  return `${asked.pathname}?${rest}${rest ? "&" : ""}view=${view}`;
}

/** What a control leads to, if it leads anywhere. */
const control = (name) => figure().querySelector(`a[data-map-way="${name}"]`)?.href;

// --- moving: the drawing follows at once, the server's own comes when the hand rests -------------------------

let shift = { x: 0, y: 0, scale: 1 }, timer = 0;

function follow() {
  for (const layer of frame().querySelectorAll(":scope > svg")) {
    layer.style.transformOrigin = "0 0";
    layer.style.transform = `translate(${shift.x}px, ${shift.y}px) scale(${shift.scale})`;
  }
}

/** Zoom by `factor` about a point of the frame. */
function zoomBy(factor, x, y) {
  const least = 2 ** -zoom(), most = 2 ** (Number(frame().dataset.deepest) - zoom());
  const to = Math.min(most, Math.max(least, shift.scale * factor));
  shift = { x: x - (x - shift.x) * (to / shift.scale), y: y - (y - shift.y) * (to / shift.scale), scale: to };
  follow();
  settleSoon();
}

const zoom = () => Number(figure().dataset.map.split(",")[2]);

function settleSoon() {
  clearTimeout(timer);
  timer = setTimeout(settle, WAIT);
}

/** Ask for the part of the map that is now seen, by the nearest whole step of the zoom. */
function settle() {
  const { width, height } = frame().getBoundingClientRect();
  const box = frame().querySelector(".map-ground").viewBox.baseVal;
  const step = Math.round(Math.log2(shift.scale));
  const x = box.x + ((width / 2 - shift.x) / shift.scale / width) * box.width;
  const y = box.y + ((height / 2 - shift.y) / shift.scale / height) * box.height;
  // The part that is seen stands upright; the whole map leans there.
  const lean = Number(frame().dataset.slope) * (y - box.y - box.height / 2);
  const [longitude, latitude] = onGlobe(x + lean, y);
  shift = { x: 0, y: 0, scale: 1 };
  show(addressOf(longitude, latitude, Math.max(0, zoom() + step)), "push", document.activeElement === frame() ? "frame" : "")
    .then(follow);
}

/** Longitude and latitude of a point of the map: the inverse of the Equal Earth projection (partnerships/pictures/projection.py). */
function onGlobe(x, y) {
  const [a, b, c, d] = [1.340264, -0.081106, 0.000893, 0.003796], m = Math.sqrt(3) / 2;
  const halfWidth = (Math.PI * 2 * Math.sqrt(3)) / (3 * a), unit = 1000 / (2 * halfWidth), halfHeight = 1.3173627591574;
  const north = Math.max(-halfHeight, Math.min(halfHeight, halfHeight - y / unit));
  let t = north / halfHeight;
  for (let step = 0; step < 12; step++) {
    const p = t * t, q = p * p * p;
    t -= (t * (a + b * p + q * (c + d * p)) - north) / (a + 3 * b * p + q * (7 * c + 9 * d * p));
  }
  const p = t * t, q = p * p * p, slope = a + 3 * b * p + q * (7 * c + 9 * d * p);
  const degrees = (value) => (value * 180) / Math.PI;
  const longitude = degrees(((x / unit - halfWidth) * m * slope) / Math.cos(t));
  return [Math.max(-180, Math.min(180, longitude)), degrees(Math.asin(Math.max(-1, Math.min(1, Math.sin(t) / m))))];
}

// --- hands and keys ------------------------------------------------------------------------------------------

const pointers = new Map();

function watch() {
  const map = frame();
  pointers.clear();
  const at = (event) => {
    const { left, top } = map.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  };
  map.addEventListener("wheel", (event) => {
    // The page scrolls as ever, unless the map was chosen, or the reader zooms (Ctrl, or a pinch on a touchpad).
    if (!event.ctrlKey && !event.metaKey && document.activeElement !== map) return;
    event.preventDefault();
    const { x, y } = at(event);
    zoomBy(Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : event.ctrlKey ? 0.01 : 0.003)), x, y);
  }, { passive: false });
  map.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    pointers.set(event.pointerId, at(event));
    clearTimeout(timer);
  });
  map.addEventListener("pointermove", (event) => {
    const before = pointers.get(event.pointerId);
    if (!before) return;
    const now = at(event);
    const others = [...pointers].filter(([id]) => id !== event.pointerId).map(([, point]) => point);
    if (others.length === 1) {
      const apart = (one) => Math.hypot(one.x - others[0].x, one.y - others[0].y) || 1;
      zoomBy(apart(now) / apart(before), (now.x + others[0].x) / 2, (now.y + others[0].y) / 2);
    } else if (!others.length && event.pointerType !== "touch") {
      if (!map.classList.contains("is-dragged") && Math.hypot(now.x - before.x, now.y - before.y) < 4) return;
      map.classList.add("is-dragged");
      map.setPointerCapture(event.pointerId);
      shift = { ...shift, x: shift.x + now.x - before.x, y: shift.y + now.y - before.y };
      follow();
    }
    pointers.set(event.pointerId, now);
  });
  const release = (event) => {
    pointers.delete(event.pointerId);
    if (map.classList.contains("is-dragged")) {
      // The click that ends a drag is none.
      setTimeout(() => map.classList.remove("is-dragged"));
      map.focus({ preventScroll: true });
      settleSoon();
    }
  };
  map.addEventListener("pointerup", release);
  map.addEventListener("pointercancel", release);
  map.addEventListener("dragstart", (event) => event.preventDefault());
  map.addEventListener("keydown", keys);
  rove(map);
}

function keys(event) {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  const onFrame = event.target === frame();
  const name = NEARER.includes(event.key) ? "in" : FARTHER.includes(event.key) ? "out" : event.key === "0" ? "whole"
    : onFrame ? ARROWS[event.key] : undefined;
  const to = name && control(name);
  if (!name) return;
  event.preventDefault();
  if (to) show(to, "push", "frame");
}

/** Circles are one tab stop: arrows lead to the next one in their direction. */
function rove(map) {
  const links = [...map.querySelectorAll(".circle-link")];
  links.forEach((link, place) => link.setAttribute("tabindex", place ? "-1" : "0"));
  map.addEventListener("focusin", ({ target }) => {
    const used = target.closest(".circle-link");
    if (used) links.forEach((link) => link.setAttribute("tabindex", link === used ? "0" : "-1"));
  });
  map.addEventListener("keydown", (event) => {
    const from = event.target.closest?.(".circle-link");
    if (!from || !ARROWS[event.key]) return;
    event.preventDefault();
    nextOf(links, from, event.key)?.focus();
  });
}

function nextOf(links, from, key) {
  const middle = (link) => {
    const { x, y, width, height } = link.querySelector(".hit").getBoundingClientRect();
    return { x: x + width / 2, y: y + height / 2 };
  };
  const start = middle(from);
  let best = null, least = Infinity;
  for (const link of links) {
    const there = middle(link), right = there.x - start.x, down = there.y - start.y;
    const [ahead, aside] = { ArrowLeft: [-right, down], ArrowRight: [right, down], ArrowUp: [-down, right], ArrowDown: [down, right] }[key];
    const far = ahead + 2 * Math.abs(aside);
    if (link !== from && ahead > 0 && Math.abs(aside) <= ahead * 2 && far < least) [best, least] = [link, far];
  }
  return best;
}

if (figure()) {
  watch();
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("[data-map] a[data-map-way]");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const to = new URL(typeof link.href === "string" ? link.href : link.href.baseVal, location.href);
    if (to.pathname !== location.pathname || to.hash) return;
    event.preventDefault();
    if (!frame().classList.contains("is-dragged")) show(to.href, "push", link.dataset.mapWay || "frame");
  });
  addEventListener("popstate", () => show(location.href, "none"));
}
