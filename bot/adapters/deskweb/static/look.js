// Light or dark as it was chosen in this browser, before anything is drawn.
const chosen = localStorage.getItem("look");
if (chosen) document.documentElement.dataset.look = chosen;
