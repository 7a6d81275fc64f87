/* Small helps of a list: a box that narrows a long facet, and a button that copies a link. */

const typed = new Map();

function narrow(box) {
  const facet = document.getElementById(box.dataset.narrow);
  const rest = facet.querySelector(".facet-rest");
  const words = box.value.trim().toLocaleLowerCase().normalize("NFKD").replace(/\p{M}/gu, "");
  let left = 0;
  for (const choice of facet.querySelectorAll("label.check")) {
    const text = choice.querySelector("span").textContent.toLocaleLowerCase().normalize("NFKD").replace(/\p{M}/gu, "");
    choice.hidden = Boolean(words) && !text.includes(words) && !choice.querySelector(":checked");
    left += !choice.hidden;
  }
  if (rest && words) rest.open = true;
  document.getElementById(`${facet.id}-none`).hidden = left > 0;
  typed.set(box.id, box.value);
}

document.addEventListener("input", (event) => {
  if (event.target.matches("[data-narrow]")) narrow(event.target);
});

/* Escape empties the box; Enter in it asks nothing. */
document.addEventListener("keydown", (event) => {
  if (event.isComposing || !event.target.matches("[data-narrow]")) return;
  if (event.key === "Enter") event.preventDefault();
  if (event.key === "Escape") {
    event.target.value = "";
    narrow(event.target);
  }
});

document.addEventListener("entente:replaced", () => {
  for (const [id, text] of typed) {
    const box = document.getElementById(id);
    if (!box?.dataset.narrow) continue;
    box.value = text;
    if (text) narrow(box);
  }
});

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const link = document.getElementById(button.dataset.copy);
  link.select();
  try {
    await navigator.clipboard.writeText(link.value);
  } catch {
    document.execCommand("copy"); // An address without TLS has no clipboard of its own.
  }
  const words = button.textContent;
  button.textContent = button.dataset.copied;
  const said = document.getElementById("list-said");
  if (said) said.textContent = button.dataset.copied;
  setTimeout(() => (button.textContent = words), 2000);
});
