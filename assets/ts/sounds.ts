import { each, on, recall, remember } from "./dom";

type Note = readonly [hertz: number, at: number, seconds: number];

// Done: two rising notes. Stopped: one low note, twice. Told apart without looking.
const SOUNDS: Readonly<Record<string, { shape: OscillatorType; notes: readonly Note[] }>> = {
  done: {
    shape: "sine",
    notes: [
      [880, 0, 0.09],
      [1318.5, 0.09, 0.14],
    ],
  },
  stopped: {
    shape: "square",
    notes: [
      [196, 0, 0.14],
      [196, 0.2, 0.22],
    ],
  },
};

let context: AudioContext | undefined;

/** Sound a signal that the desk knows, unless the sounds are off. */
export function play(name: string): void {
  const sound = SOUNDS[name];
  if (!sound || isMuted()) return;
  context ??= new AudioContext();
  const { currentTime, destination } = context;
  for (const [hertz, at, seconds] of sound.notes) {
    const tone = context.createOscillator();
    const volume = context.createGain();
    tone.type = sound.shape;
    tone.frequency.value = hertz;
    volume.gain.setValueAtTime(0.12, currentTime + at);
    volume.gain.exponentialRampToValueAtTime(0.001, currentTime + at + seconds);
    tone.connect(volume).connect(destination);
    tone.start(currentTime + at);
    tone.stop(currentTime + at + seconds);
  }
}

function isMuted(): boolean {
  return recall("sound") === "off";
}

function showState(): void {
  document.querySelectorAll("[data-sound-toggle]").forEach((button) => {
    button.setAttribute("aria-pressed", String(!isMuted()));
  });
}

/** A message with `data-sound="done"` or `"stopped"` is heard when it appears. */
export function startSounds(): void {
  each("[data-sound]", (message) => {
    const name = message.dataset.sound;
    delete message.dataset.sound; // heard once, not again when something around it is swapped
    if (name) play(name);
  });
  on("click", "[data-sound-toggle]", () => {
    remember("sound", isMuted() ? null : "off");
    showState();
    play("done");
  });
  each("[data-sound-toggle]", showState);
}
