// A picture on a profile is the one of its own page under /explore/: fetched when it comes near, and put in the
// place of the link that leads there. Without this script the link is all there is.

const NEAR = "400px";

/** Addresses of the fetched page that hang on its own, as they read from here. */
function rehang(figure, base) {
  for (const name of ["href", "data-around", "data-json"]) {
    for (const one of figure.querySelectorAll(`[${name}]`)) one.setAttribute(name, new URL(one.getAttribute(name), base).href);
  }
}

/** Resolves once the style sheet holds, so that nothing is seen without it. */
function styled(address) {
  return new Promise((resolve) => {
    const sheet = Object.assign(document.createElement("link"), { rel: "stylesheet", href: address, onload: resolve, onerror: resolve });
    document.head.append(sheet);
  });
}

async function draw(place) {
  const { picture, style, script } = place.dataset;
  const answer = await fetch(picture, { headers: { Accept: "text/html" } });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const figure = page.querySelector(".results figure");
  if (!figure) return;
  // Tables, search and the meaning of measures stand on the picture's own page.
  figure.querySelectorAll("details, form, .network-measures").forEach((one) => one.remove());
  const notice = figure.previousElementSibling?.matches(".notice") ? figure.previousElementSibling : "";
  rehang(figure, new URL(picture, location.href));
  await styled(style);
  place.querySelector("[data-drawn-here]").replaceChildren(notice, figure);
  if (script) await import(script);
}

const watch = new IntersectionObserver((seen) => {
  for (const { isIntersecting, target } of seen) {
    if (!isIntersecting) continue;
    watch.unobserve(target);
    target.setAttribute("aria-busy", "true");
    // Where it fails, the link is still there.
    draw(target).catch(() => {}).finally(() => target.removeAttribute("aria-busy"));
  }
}, { rootMargin: NEAR });
document.querySelectorAll("[data-picture]").forEach((place) => watch.observe(place));
