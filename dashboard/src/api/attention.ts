const ATTENTION_MS = 60_000;

let lastInput = Date.now();

/** Notes from now on when somebody touches this page. */
export function watchAttention(): void {
  for (const input of ['pointerdown', 'pointermove', 'keydown', 'wheel']) {
    window.addEventListener(
      input,
      () => {
        lastInput = Date.now();
      },
      { passive: true, capture: true },
    );
  }
}

/** Whether nobody has touched this page for a minute: what it asks for by itself then does not keep the session alive. */
export function isUnattended(): boolean {
  return Date.now() - lastInput > ATTENTION_MS;
}
