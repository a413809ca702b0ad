import { on, sentence } from "./dom";

/** Open `<dialog id>` from `data-dialog="id"`; `data-close` or a click on the veil closes it. */
export function startDialogs(): void {
  on("click", "[data-dialog]", (opener, event) => {
    const dialog = document.getElementById(opener.dataset.dialog ?? "");
    if (!(dialog instanceof HTMLDialogElement)) return;
    event.preventDefault();
    if (!dialog.open) dialog.showModal();
  });
  on("click", "[data-close]", (button, event) => {
    const dialog = button.closest("dialog");
    if (!dialog) return;
    event.preventDefault();
    dialog.close();
  });
  on("click", "dialog", (dialog, event) => {
    if (event.target === dialog && dialog instanceof HTMLDialogElement) dialog.close();
  });
  startConfirm();
}

/** Ask before a step that cannot be undone; resolves to the person's answer. */
export function ask(question: string, yes: string): Promise<boolean> {
  const dialog = document.getElementById("confirm");
  const words = dialog?.querySelector("[data-confirm-words]");
  const button = dialog?.querySelector<HTMLButtonElement>("[data-confirm-yes]");
  if (!(dialog instanceof HTMLDialogElement) || !words || !button) {
    return Promise.resolve(window.confirm(question));
  }
  words.textContent = question;
  button.textContent = yes || sentence("sayYes");
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener(
      "close",
      () => {
        resolve(dialog.returnValue === "yes");
      },
      { once: true },
    );
  });
}

interface HtmxConfirm {
  elt: HTMLElement;
  question: string | null;
  issueRequest: (skipConfirmation: boolean) => void;
}

function startConfirm(): void {
  const agreed = new WeakSet<HTMLFormElement>();
  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      if (!(form instanceof HTMLFormElement) || agreed.delete(form)) return;
      const { submitter } = event;
      const asker = submitter?.dataset.confirm ? submitter : form;
      const question = asker.dataset.confirm;
      if (!question) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      void ask(question, asker.dataset.confirmYes ?? "").then((yes) => {
        if (!yes) return;
        agreed.add(form);
        form.requestSubmit(submitter);
      });
    },
    true,
  );
  document.addEventListener("htmx:confirm", (event) => {
    const { elt, question, issueRequest } = (event as CustomEvent<HtmxConfirm>).detail;
    if (!question) return;
    event.preventDefault();
    void ask(question, elt.dataset.confirmYes ?? "").then((yes) => {
      if (yes) issueRequest(true);
    });
  });
}
