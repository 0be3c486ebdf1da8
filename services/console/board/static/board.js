// The ticker: one event stream per page. Each fact is a line of HTML made, and escaped, by the server.
(() => {
  const KEPT = 60;
  const pulse = document.getElementById("pulse");
  const ticker = document.getElementById("ticker");
  const portrait = document.getElementById("portrait");

  const say = (state) => {
    pulse.dataset.state = state;
    pulse.textContent = pulse.dataset[state];
  };

  const show = (line) => {
    if (ticker) {
      ticker.insertAdjacentHTML("afterbegin", line);
      while (ticker.children.length > KEPT) ticker.lastElementChild.remove();
    }
    document.body.dispatchEvent(new Event("fact"));
    if (portrait && line.includes(portrait.dataset.complaint)) {
      document.body.dispatchEvent(new Event("fact-here"));
    }
  };

  const stream = new EventSource("/events");
  stream.addEventListener("open", () => say("on"));
  stream.addEventListener("error", () => say("off"));
  stream.addEventListener("fact", (event) => show(event.data));
  window.addEventListener("pagehide", () => stream.close());
})();
