// A slider beside a number field: both say the same. Without scripts the number field alone does the work.
(() => {
  "use strict";
  for (const field of document.querySelectorAll("input[data-slide]")) {
    const slider = document.createElement("input");
    slider.type = "range";
    slider.className = "form-range";
    slider.min = field.dataset.least;
    slider.max = field.dataset.most;
    slider.step = field.dataset.slide;
    slider.value = field.value || field.dataset.least;
    slider.setAttribute("aria-label", field.labels[0]?.textContent ?? "");
    slider.addEventListener("input", () => {
      field.value = slider.value;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
    field.addEventListener("input", (event) => {
      if (event.isTrusted) slider.value = field.value;
    });
    field.insertAdjacentElement("afterend", slider);
  }
})();
