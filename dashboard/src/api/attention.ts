const ATTENTION_MS = 60_000;

let lastInput = Date.now();

for (const input of ['pointerdown', 'pointermove', 'keydown', 'wheel']) {
  window.addEventListener(
    input,
    () => {
      lastInput = Date.now();
    },
    { passive: true, capture: true },
  );
}

/** Whether nobody has touched this page for a minute: what it asks for by itself then does not keep the session alive. */
export function isUnattended(): boolean {
  return Date.now() - lastInput > ATTENTION_MS;
}
