/** Browsers learn of the device's voices only a while after the page began. */
const LONGEST_WAIT = 1500;

/** The voices of this device; none where it cannot read aloud. */
export function voices(): Promise<SpeechSynthesisVoice[]> {
  const { speechSynthesis } = window;
  const found = speechSynthesis.getVoices();
  if (found.length) return Promise.resolve(found);
  return new Promise((done) => {
    const tell = (): void => {
      done(speechSynthesis.getVoices());
    };
    speechSynthesis.addEventListener("voiceschanged", tell, { once: true });
    setTimeout(tell, LONGEST_WAIT);
  });
}

/** The first voice of the language, one on the device before one of the net. */
export function voiceFor(
  language: string,
  all: readonly SpeechSynthesisVoice[],
): SpeechSynthesisVoice | undefined {
  const own = all.filter(({ lang }) => lang.slice(0, 2).toLowerCase() === language.slice(0, 2));
  return own.find(({ localService }) => localService) ?? own[0];
}

/** Say a piece of text; false where the voice failed, so that nothing runs through in silence. */
export function say(
  text: string,
  voice: SpeechSynthesisVoice | undefined,
  language: string,
): Promise<boolean> {
  return new Promise((done) => {
    const said = new SpeechSynthesisUtterance(text);
    said.lang = voice?.lang ?? language;
    if (voice) said.voice = voice;
    said.onend = () => {
      done(true);
    };
    said.onerror = () => {
      done(false);
    };
    window.speechSynthesis.speak(said);
  });
}
