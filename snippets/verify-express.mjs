// npm install express express-oauth2-jwt-bearer
import express from "express";
import { auth, requiredScopes } from "express-oauth2-jwt-bearer";

const verifyToken = auth({
  issuer: "{{issuer}}",
  issuerBaseURL: "{{issuer}}",
  audience: "{{audience}}",
  dpop: { enabled: false },
  // A token that is bound to a key of its holder is none for whoever has only the token: no proof is checked here.
  validators: { cnf: (cnf) => cnf === undefined },
});

const app = express();
app.set("query parser", false); // tokens in the query would be taken, and end up in logs

app.get("/orders", verifyToken, requiredScopes("read:orders"), (req, res) => {
  res.json({ orders: [], for: req.auth.payload.sub });
});

app.use((error, req, res, next) => {
  if (res.headersSent || error.status === undefined) {
    next(error);
    return;
  }
  res
    .status(error.status)
    .set(error.headers ?? {})
    .json({ error: error.code ?? "missing_token" });
});

const server = app.listen(process.env.PORT ?? 3000, "127.0.0.1", () => {
  console.log(`The API is ready at http://127.0.0.1:${server.address().port}/`);
});
