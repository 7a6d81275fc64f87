// Tells the page around the frame how high the frame would have to be: {type: "entente:height", height: pixels}.
// The message holds nothing else, so that it may be read by any page. docs/embedding.md shows how to use it.

if (window.parent !== window) {
  const tell = () => {
    const height = Math.ceil(document.documentElement.getBoundingClientRect().height);
    window.parent.postMessage({ type: "entente:height", height }, "*");
  };
  new ResizeObserver(tell).observe(document.documentElement);
}
