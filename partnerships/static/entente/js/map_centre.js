// On a narrow screen a map is wider than its frame. It begins where its largest circle is, not at its left edge; a part
// of the map that was zoomed to, in the middle.

function centre(scroll) {
  const room = scroll.clientWidth;
  if (scroll.scrollWidth <= room) return;
  const isWhole = !Number(scroll.closest("[data-map]").dataset.map.split(",")[2]);
  const circles = [...scroll.querySelectorAll(".circle")];
  const largest = circles.reduce((best, one) => (best && best.r.baseVal.value >= one.r.baseVal.value ? best : one), null);
  const left = scroll.getBoundingClientRect().left;
  const box = isWhole && largest?.getBoundingClientRect();
  const x = box ? box.left + box.width / 2 - left + scroll.scrollLeft : scroll.scrollWidth / 2;
  scroll.scrollLeft = x - room / 2;
}

const all = () => document.querySelectorAll(".map-scroll").forEach(centre);
document.addEventListener("entente:map", all);
addEventListener("resize", all);
all();
