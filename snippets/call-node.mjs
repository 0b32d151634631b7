const response = await fetch("{{api_url}}", {
  headers: { authorization: "Bearer {{access_token}}" },
  signal: AbortSignal.timeout(30_000),
});
const body = await response.text();
if (response.ok) {
  console.log(body);
} else {
  console.error(`${response.status} ${body}`);
  process.exitCode = 1;
}
