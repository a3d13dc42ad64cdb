// The sign-in: a dialog over whatever was shown, so that nothing of it is lost when a session ends.
import { signIn } from "./api.js";
import { h } from "./dom.js";

export function askWho({ ended, role }) {
  return new Promise((resolve) => {
    const wrong = h("p", { className: "wrong", role: "alert" });
    const name = h("input", {
      name: "role", autocomplete: "username", required: true, maxLength: 63, value: role ?? "", spellcheck: false, autocapitalize: "none",
    });
    const password = h("input", { name: "password", type: "password", autocomplete: "current-password", required: true, maxLength: 500 });
    const button = h("button", { className: "main" }, "Sign in");
    const submit = async (event) => {
      event.preventDefault();
      button.disabled = true;
      wrong.textContent = "";
      try {
        const session = await signIn(name.value, password.value);
        dialog.close();
        dialog.remove();
        resolve(session);
      } catch (failure) {
        wrong.textContent = failure.code === "database_away" ? "The database is away; try again in a moment." : failure.message;
        password.value = "";
        password.focus();
      } finally {
        button.disabled = false;
      }
    };
    const dialog = h("dialog", { className: "sign-in", "aria-labelledby": "sign-in-title", oncancel: (event) => event.preventDefault() },
      h("img", { src: "/icon.svg", alt: "", width: 44, height: 44 }),
      h("h1", { id: "sign-in-title" }, "Sign in to natsweep"),
      h("p", { className: "hint" }, ended ? "Your session has ended. Sign in and go on where you were." : "With your user name and password in the database."),
      h("form", { onsubmit: submit },
        h("label", null, h("span", null, "User"), name),
        h("label", null, h("span", null, "Password"), password),
        wrong, button));
    document.body.append(dialog);
    dialog.showModal();
    (name.value ? password : name).focus();
  });
}
