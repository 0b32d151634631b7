const LOOPBACK = ['127.0.0.1', '[::1]', 'localhost'];

/** Reads the settings; ends the process with a sentence if one cannot be used. */
export function settings(environment) {
  const { JETON_ISSUER: issuer = '', TIMESHEETS_AUDIENCE, TIMESHEETS_PORT: port = '8081' } = environment;
  const url = URL.canParse(issuer) ? new URL(issuer) : undefined;
  // Whoever can change the keys on their way can make tokens.
  if (url?.protocol !== 'https:' && !(url?.protocol === 'http:' && LOOPBACK.includes(url.hostname))) {
    refuse('set JETON_ISSUER to the issuer, an https URL such as https://auth.example.com/');
  }
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65535) {
    refuse('set TIMESHEETS_PORT to a port from 0 to 65535; 0 is any free one');
  }
  return { issuer, audience: TIMESHEETS_AUDIENCE || 'https://timesheets.example.com', port: Number(port) };
}

function refuse(sentence) {
  console.error(`timesheets: ${sentence}`);
  process.exit(1);
}
