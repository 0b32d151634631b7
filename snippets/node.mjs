const response = await fetch("{{token_url}}", {
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify({
    grant_type: "client_credentials",
    client_id: "{{client_id}}",
    client_secret: "{{client_secret}}",
    audience: "{{audience}}",
  }),
  signal: AbortSignal.timeout(30_000),
});
const body = await response.text();
if (response.ok) {
  console.log(JSON.parse(body).access_token);
} else {
  console.error(`${response.status} ${body}`);
  process.exitCode = 1;
}
