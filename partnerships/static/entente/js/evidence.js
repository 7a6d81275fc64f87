// The number of a source shows, on hover and on focus, what stands in the list of sources: title, publisher, quote.
// Without this script the number leads there. Escape puts the card away; the pointer may move onto it.

const PAUSE = 150;
let card = null;
let waiting = 0;

function shut() {
  clearTimeout(waiting);
  card?.remove();
  card = null;
}

function shutSoon() {
  clearTimeout(waiting);
  waiting = setTimeout(shut, PAUSE);
}

function show(mark) {
  const entry = document.getElementById(mark.hash.slice(1));
  if (!entry) return;
  shut();
  card = document.createElement("div");
  card.className = "source-card";
  card.setAttribute("role", "tooltip");
  card.id = "source-card";
  for (const part of entry.querySelectorAll(".entry-title, ul.sub, blockquote")) {
    const copy = part.cloneNode(true);
    // What the card says is read, not pressed: the list has the links.
    for (const link of copy.querySelectorAll("a")) link.replaceWith(...link.childNodes);
    card.append(copy);
  }
  card.addEventListener("pointerenter", () => clearTimeout(waiting));
  card.addEventListener("pointerleave", shutSoon);
  document.body.append(card);
  const place = mark.getBoundingClientRect();
  const room = document.documentElement.clientWidth - card.offsetWidth - 8;
  const below = place.bottom + 6 + card.offsetHeight < window.innerHeight;
  const top = below ? place.bottom + 6 : Math.max(place.top - 6 - card.offsetHeight, 4);
  card.style.insetInlineStart = "auto";
  card.style.left = `${window.scrollX + Math.max(8, Math.min(place.left, room))}px`;
  card.style.top = `${window.scrollY + top}px`;
  mark.setAttribute("aria-describedby", card.id);
}

for (const mark of document.querySelectorAll(".evidence a")) {
  // The browser's own hint would stand on top of the card.
  mark.removeAttribute("title");
  mark.addEventListener("pointerenter", (event) => {
    if (event.pointerType === "mouse") show(mark);
  });
  mark.addEventListener("pointerleave", shutSoon);
  mark.addEventListener("focus", () => show(mark));
  mark.addEventListener("blur", shut);
}
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") shut();
});
