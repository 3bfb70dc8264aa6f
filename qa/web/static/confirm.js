// Asks whether something is really meant, in the place where it was asked for; a mistaken click costs nothing.

import { button, element, failure } from "./text.js";
import { say } from "./words.js";

/**
 * Ask `question` in `place`, whose own contents come back unless `act` takes the place away.
 * @param words What the two buttons say, where it is not about deleting.
 */
export function within(place, question, act, words = { sure: say("sure"), not: say("notSure") }) {
  const before = [...place.childNodes];
  const opener = document.activeElement;
  const back = () => {
    place.replaceChildren(...before);
    opener?.focus();
  };
  const asked = element("div", "confirm");
  asked.setAttribute("role", "group");
  asked.setAttribute("aria-label", question);
  const sure = button("sure", words.sure, async () => {
    sure.disabled = true;
    try {
      await act();
    } catch (error) {
      asked.replaceChildren(failure(error), button("", say("close"), back));
      asked.querySelector("button").focus();
    }
  });
  const not = button("", words.not, back);
  asked.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    back();
  });
  asked.append(element("p", "", question), sure, not);
  place.replaceChildren(asked);
  not.focus();
}
