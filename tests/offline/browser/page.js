const worker = new Worker("/worker.mjs", { type: "module" });
worker.onmessage = ({ data }) => {
  window.answers = data;
};
