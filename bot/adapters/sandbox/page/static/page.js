// Starts the three parts of the page: the chat, the phone, and what is around them.
import { connectPhone } from "./phone.js";
import { fill, startChat } from "./chat.js";

const settings = JSON.parse(document.body.dataset.settings);
delete document.body.dataset.settings;

function show(view) {
  document.body.dataset.view = view;
  for (const tab of document.querySelectorAll("[data-show]")) {
    tab.setAttribute("aria-pressed", String(tab.dataset.show === view));
  }
  document.dispatchEvent(new CustomEvent("view", { detail: view }));
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button?.dataset.show) show(button.dataset.show);
  if (button?.dataset.fill) {
    show("chat");
    fill(button.dataset.fill);
  }
});

connectPhone(settings, show);
startChat(settings);
