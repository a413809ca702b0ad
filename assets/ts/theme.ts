// Runs before the first paint, so that a dark page never flashes white.
import { recall } from "./dom";

const root = document.documentElement;
root.classList.add("js");
const theme = recall("theme");
if (theme === "light" || theme === "dark") root.dataset.theme = theme;
if (recall("reading") === "on") root.dataset.reading = "on";
