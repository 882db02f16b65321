/* A link to a sample opens it; what a part of a drawing carries is told under it; steps of a training are looked at one at a time. */
(() => {
  for (const frame of document.querySelectorAll(".scroll")) {
    const watch = new ResizeObserver(() => {
      frame.setAttribute("tabindex", frame.scrollWidth > frame.clientWidth ? "0" : "-1");
    });
    watch.observe(frame);
  }
  // A link to a sample opens it.
  const opened = () => {
    const sample = document.getElementById(location.hash.slice(1));
    if (sample?.matches("details")) { sample.open = true; sample.scrollIntoView(); }
  };
  window.addEventListener("hashchange", opened);
  opened();
  for (const figure of document.querySelectorAll("figure")) {
    const told = figure.querySelector(".told");
    // A figure may have a drawing for wide pages and one for narrow ones.
    for (const drawing of told ? figure.querySelectorAll(".drawing") : []) {
      const marks = [...drawing.querySelectorAll("[data-told]")];
      marks.forEach((mark, n) => {
        const tell = () => { told.textContent = mark.dataset.told; };
        mark.addEventListener("pointerenter", tell);
        mark.addEventListener("focus", () => {
          tell();
          marks.forEach((other) => { other.setAttribute("tabindex", other === mark ? "0" : "-1"); });
        });
        mark.addEventListener("keydown", (event) => {
          const to = { ArrowRight: n + 1, ArrowDown: n + 1, ArrowLeft: n - 1, ArrowUp: n - 1, Home: 0, End: marks.length - 1 }[event.key];
          if (marks[to]) { event.preventDefault(); marks[to].focus(); }
        });
        mark.setAttribute("tabindex", n === 0 ? "0" : "-1");
      });
    }
  }
  for (const steps of document.querySelectorAll(".steps")) {
    const slider = steps.querySelector("input");
    const shown = steps.querySelector(".slider output");
    const all = [...steps.querySelectorAll(":scope > .step")];
    if (all.length < 2) { continue; }
    const show = () => {
      all.forEach((step, n) => { step.classList.toggle("away", n !== slider.valueAsNumber); });
      shown.textContent = all[slider.valueAsNumber].dataset.label;
      slider.setAttribute("aria-valuetext", shown.textContent);
    };
    steps.classList.add("live");
    steps.querySelector(".slider").hidden = false;
    slider.addEventListener("input", show);
    show();
  }
})();
