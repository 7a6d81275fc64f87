// Buttons that copy a text: hidden until this script can keep what they promise.

for (const button of document.querySelectorAll("button[data-copy]")) {
  if (!navigator.clipboard) continue; // Over plain HTTP browsers offer none; the text stands beside the button.
  const words = button.textContent;
  const said = document.createElement("span");
  said.className = "visually-hidden";
  said.setAttribute("role", "status");
  button.after(said);
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = button.dataset.done;
    said.textContent = button.dataset.done;
    setTimeout(() => {
      button.textContent = words;
      said.textContent = "";
    }, 2500);
  });
}
