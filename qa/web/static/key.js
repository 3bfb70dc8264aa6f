// Asks for the key that the service wants. It is kept for this tab only.

import { onKeyWanted } from "./service.js";
import { say } from "./words.js";

const dialog = document.getElementById("key");
const box = document.getElementById("key-box");
const why = document.getElementById("key-why");

/** Return the key that was written, or null where the person would not give one. */
function ask(wrong) {
  why.textContent = say(wrong ? "keyWrong" : "keyWhy");
  box.value = "";
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "use" ? box.value.trim() : null), {
      once: true,
    });
  });
}

document.getElementById("key-form").addEventListener("submit", (event) => {
  event.preventDefault(); // the page allows no form to send anything anywhere
  dialog.close("use");
});
document.getElementById("key-cancel").addEventListener("click", () => dialog.close());
onKeyWanted(ask);
