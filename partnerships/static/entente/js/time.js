// Comfort for the pictures of time: one tab stop a picture, arrow keys within it, and what a part says in words.
// Without this script every part is a link of its own and says the same in its title.

const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const isRightToLeft = getComputedStyle(document.documentElement).direction === "rtl";

/** Make `links` one tab stop: the one that was used last can be reached, the others by `next(link, key)`. */
function rove(frame, links, next) {
  if (!links.length) return;
  links.forEach((link, place) => link.setAttribute("tabindex", place ? "-1" : "0"));
  frame.addEventListener("keydown", (event) => {
    const from = event.target.closest("a");
    if (!links.includes(from) || event.ctrlKey || event.altKey || event.metaKey) return;
    const to = next(from, event.key);
    if (!to) return;
    event.preventDefault();
    to.focus();
  });
  frame.addEventListener("focusin", (event) => {
    const used = event.target.closest("a");
    if (!links.includes(used)) return;
    links.forEach((link) => link.setAttribute("tabindex", link === used ? "0" : "-1"));
    used.scrollIntoView({ block: "nearest", inline: "nearest" });
  });
}

/** Cells of a table: the next one in the direction that leads somewhere. */
function cells(table) {
  const rows = [...table.rows].map((row) => [...row.cells]);
  const links = [...table.querySelectorAll("tbody td a")];
  const place = new Map();
  rows.forEach((row, y) => row.forEach((cell, x) => place.set(cell, [x, y])));
  rove(table, links, (from, key) => {
    const [x, y] = place.get(from.closest("td"));
    if (key === "Home") return rows[y].map((cell) => cell.querySelector("td > a")).find(Boolean);
    if (key === "End") return rows[y].map((cell) => cell.querySelector("td > a")).filter(Boolean).pop();
    if (!STEPS[key]) return null;
    const [right, down] = STEPS[key];
    const step = isRightToLeft ? -right : right;
    for (let at = [x + step, y + down]; rows[at[1]]?.[at[0]]; at = [at[0] + step, at[1] + down]) {
      const link = rows[at[1]][at[0]].querySelector("td > a");
      if (link) return link;
    }
    return null;
  });
}

/** Bars: all of one drawing in the order of their years; up and down change between drawings of a year. */
function bars(frame) {
  const links = [...frame.querySelectorAll("a.bar-link")];
  const left = (link) => link.getBoundingClientRect().left;
  const series = (link) => link.querySelector("rect").getAttribute("class");
  rove(frame, links, (from, key) => {
    if (key === "ArrowUp" || key === "ArrowDown") {
      const others = links.filter((link) => series(link) !== series(from) && Math.abs(left(link) - left(from)) < 2);
      return key === "ArrowUp" ? others[0] : others.at(-1);
    }
    const own = links.filter((link) => series(link) === series(from));
    if (key === "Home") return own[0];
    if (key === "End") return own.at(-1);
    return STEPS[key] ? own[own.indexOf(from) + STEPS[key][0]] : null;
  });
}

/** Show in words what the pointer or the focus is on. */
function readOut(frame) {
  const line = (frame.closest("figure") ?? frame.parentElement.parentElement).querySelector("[data-read-out]");
  if (!line) return;
  const told = (event) => {
    const link = event.target.closest?.("a");
    const words = link?.querySelector("title")?.textContent ?? link?.title;
    if (!words) return;
    line.hidden = false;
    line.textContent = words;
  };
  frame.addEventListener("pointerover", told);
  frame.addEventListener("focusin", told);
}

for (const table of document.querySelectorAll("[data-cells]")) { cells(table); readOut(table); }
for (const frame of document.querySelectorAll("[data-bars]")) { bars(frame); readOut(frame); }
