// Offers a page in the language that the browser prefers, where the page speaks another one and has it.
// Whoever preferred the page's own language first is left alone. Nothing is remembered.
const base = (tag) => tag.toLowerCase().split("-")[0];
const spoken = base(document.documentElement.lang);
const offers = new Map(
  [...document.querySelectorAll("[data-language-offer]")].map((offer) => [base(offer.lang), offer]),
);
const wanted = (navigator.languages ?? [navigator.language])
  .map(base)
  .find((tag) => tag === spoken || offers.has(tag));
if (wanted !== undefined && wanted !== spoken) {
  offers.get(wanted).hidden = false;
}
