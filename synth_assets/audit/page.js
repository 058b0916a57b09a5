// A sentence under the pointer, or whose number has the focus, lights the sentences that it found, or that found it.
(() => {
  const light = (target, on) => {
    const sentence = target instanceof Element && target.closest("[data-finds]");
    if (!sentence) return;
    sentence.classList.toggle("lit", on && sentence.dataset.finds !== "");
    for (const id of sentence.dataset.finds.split(" ").filter(Boolean)) {
      document.getElementById(id)?.classList.toggle("lit", on);
    }
  };
  for (const name of ["mouseover", "focusin"]) document.addEventListener(name, (event) => light(event.target, true));
  for (const name of ["mouseout", "focusout"]) document.addEventListener(name, (event) => light(event.target, false));
  // the pieces of a page are made after the browser looked for the place that its address names
  document.addEventListener("click", (event) => {
    const place = event.target instanceof Element && event.target.closest('a[href^="#"]');
    const target = place && document.getElementById(place.getAttribute("href").slice(1));
    if (!target) return;
    target.closest("details")?.setAttribute("open", "");
    target.classList.add("lit");
    setTimeout(() => target.classList.remove("lit"), 1600);
  });
  // "/" goes to the search field, as in most lists
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.target.matches("input, textarea, select")) return;
    const field = document.querySelector(".filter-text input");
    if (field) {
      event.preventDefault();
      field.focus();
    }
  });
})();
