/* What a part of a drawing carries is told under it; steps of a training are looked at one at a time. */
(() => {
  for (const figure of document.querySelectorAll("figure")) {
    const told = figure.querySelector("output.told");
    for (const mark of figure.querySelectorAll("[data-told]")) {
      const tell = () => { told.textContent = mark.dataset.told; };
      mark.addEventListener("pointerenter", tell);
      mark.addEventListener("focus", tell);
    }
  }
  for (const steps of document.querySelectorAll(".steps")) {
    const slider = steps.querySelector("input");
    const shown = steps.querySelector(".slider output");
    const all = [...steps.querySelectorAll(":scope > .step")];
    const show = () => {
      all.forEach((step, n) => { step.classList.toggle("away", n !== slider.valueAsNumber); });
      shown.textContent = all[slider.valueAsNumber].dataset.label;
      slider.setAttribute("aria-valuetext", shown.textContent);
    };
    steps.querySelector(".slider").hidden = all.length < 2;
    slider.addEventListener("input", show);
    show();
  }
})();
