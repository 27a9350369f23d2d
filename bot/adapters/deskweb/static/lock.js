// The screen is locked, its browser is there: whoever comes back to it finds his sessions.
setInterval(() => { fetch("/here", { headers: { "HX-Request": "true" } }).catch(() => {}); }, Number(document.body.dataset.every));
document.querySelector('form[action="/logout"]').addEventListener("submit", () => { sessionStorage.clear(); }); // as desk.js does
