package dev.jeton.client;

import static dev.jeton.Answers.assertRefused;
import static dev.jeton.Answers.each;
import static dev.jeton.Answers.json;
import static dev.jeton.Answers.message;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.RSAKey;
import dev.jeton.Operator;
import dev.jeton.TestServer;
import java.math.BigInteger;
import java.net.http.HttpResponse;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.RSAPublicKeySpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Credentials of clients: made, listed, given an expiry, attached, detached, taken away. */
class CredentialRoutesTest {
    private static final String API = "https://credentials.example.com/";
    private static final Instant EXPIRY = Instant.parse("2033-05-13T09:33:13Z");

    private static TestServer server;
    private static final List<KeyPair> keys = new ArrayList<>();

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start();
        server.createApi(API, List.of("read:x"), Map.of());
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        for (int i = 0; i < 5; i++) {
            keys.add(generator.generateKeyPair());
        }
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String pem(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n" + Base64.getMimeEncoder().encodeToString(der) + "\n-----END " + label
                + "-----\n";
    }

    private static String key(int number) {
        return pem("PUBLIC KEY", keys.get(number).getPublic().getEncoded());
    }

    private static byte[] certificate(int number) throws Exception {
        KeyPair pair = keys.get(number);
        return new X509v3CertificateBuilder(
                        new X500Name("C=JP, O=Example, CN=job"),
                        BigInteger.ONE,
                        Date.from(Instant.parse("2020-01-01T00:00:00Z")),
                        Date.from(EXPIRY),
                        new X500Name("C=JP, O=Example, CN=job"),
                        SubjectPublicKeyInfo.getInstance(pair.getPublic().getEncoded()))
                .build(new JcaContentSignerBuilder("SHA256withRSA").build(pair.getPrivate()))
                .getEncoded();
    }

    private static JsonNode newClient() {
        JsonNode client = server.createClient("With credentials", Map.of("jwt_configuration", Map.of("alg", "RS256")));
        server.createGrant(client.path("client_id").asString(), API, List.of("read:x"));
        return client;
    }

    private static String id(JsonNode client) {
        return client.path("client_id").asString();
    }

    private static HttpResponse<String> post(String client, Map<String, ?> body) {
        return server.manage("POST", "clients/" + client + "/credentials", body);
    }

    private static JsonNode add(String client, int key) {
        HttpResponse<String> response = post(client, Map.of("credential_type", "public_key", "pem", key(key)));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
        return json(response);
    }

    private static HttpResponse<String> attach(String client, String method, String... ids) {
        return server.manage("PATCH", "clients/" + client, """
                {"client_authentication_methods":{"%s":{"credentials":[%s]}},"token_endpoint_auth_method":null}
                """.formatted(
                        method,
                        String.join(
                                ",",
                                List.of(ids).stream()
                                        .map(id -> "{\"id\":\"" + id + "\"}")
                                        .toList())));
    }

    @Test
    void a_key_is_named_by_its_thumbprint_and_its_pem_is_never_shown() throws Exception {
        String client = id(newClient());

        JsonNode made = json(post(client, Map.of("credential_type", "public_key", "pem", key(0), "name", "key 1")));

        assertThat(List.copyOf(made.propertyNames()))
                .containsExactly("id", "credential_type", "kid", "alg", "name", "created_at", "updated_at");
        assertThat(made.path("id").asString()).matches("cred_[1-9A-HJ-NP-Za-km-z]{22}");
        assertThat(made.path("kid").asString())
                .isEqualTo(new RSAKey.Builder((RSAPublicKey) keys.get(0).getPublic())
                        .build()
                        .computeThumbprint()
                        .toString())
                .hasSize(43);
        assertThat(made.path("alg").asString()).isEqualTo("RS256");
        assertThat(made.path("created_at").asString()).isEqualTo("2026-11-23T12:00:00.000Z");
        String path = "clients/" + client + "/credentials";
        assertThat(server.managed("GET", path + "/" + made.path("id").asString(), null))
                .isEqualTo(made);
        assertThat(server.managed("GET", path + "?include_totals=true&per_page=50", null)
                        .toString())
                .isEqualTo("[" + made + "]");
    }

    @Test
    void a_key_may_bring_its_name_and_its_expiry() {
        JsonNode made = json(post(
                id(newClient()),
                Map.of(
                        "credential_type",
                        "public_key",
                        "pem",
                        key(0),
                        "kid",
                        "my-key_0123",
                        "alg",
                        "PS256",
                        "expires_at",
                        "2030-01-02T03:04:05.6+09:00")));

        assertThat(made.path("kid").asString()).isEqualTo("my-key_0123");
        assertThat(made.path("alg").asString()).isEqualTo("PS256");
        assertThat(made.path("expires_at").asString()).isEqualTo("2030-01-01T18:04:05.600Z");
    }

    @Test
    void a_certificate_gives_its_key_and_if_asked_its_expiry() throws Exception {
        String text = pem("CERTIFICATE", certificate(0));

        JsonNode without = json(post(id(newClient()), Map.of("credential_type", "public_key", "pem", text)));
        JsonNode with = json(post(
                id(newClient()), Map.of("credential_type", "public_key", "pem", text, "parse_expiry_from_cert", true)));

        assertThat(without.has("expires_at")).isFalse();
        assertThat(with.path("expires_at").asString()).isEqualTo("2033-05-13T09:33:13.000Z");
        assertThat(with.path("kid")).isEqualTo(without.path("kid"));
    }

    @Test
    void a_certificate_of_its_own_is_known_by_its_thumbprint() throws Exception {
        byte[] der = certificate(0);

        JsonNode made =
                json(post(id(newClient()), Map.of("credential_type", "x509_cert", "pem", pem("CERTIFICATE", der))));

        assertThat(List.copyOf(made.propertyNames()))
                .containsExactly(
                        "id", "credential_type", "thumbprint_sha256", "created_at", "updated_at", "expires_at");
        assertThat(made.path("thumbprint_sha256").asString())
                .isEqualTo(Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(MessageDigest.getInstance("SHA-256").digest(der)));
        assertThat(made.path("expires_at").asString()).isEqualTo("2033-05-13T09:33:13.000Z");
    }

    @Test
    void a_subject_is_taken_as_sent_or_from_a_certificate() throws Exception {
        JsonNode sent =
                json(post(id(newClient()), Map.of("credential_type", "cert_subject_dn", "subject_dn", "C=JP\nCN=job")));
        JsonNode read = json(post(
                id(newClient()),
                Map.of("credential_type", "cert_subject_dn", "pem", pem("CERTIFICATE", certificate(0)))));

        assertThat(sent.path("subject_dn").asString()).isEqualTo("C=JP\nCN=job");
        assertThat(read.path("subject_dn").asString()).isEqualTo("C=JP\nO=Example\nCN=job");
        assertThat(read.has("kid")).isFalse();
        assertThat(message(post(id(newClient()), Map.of("credential_type", "cert_subject_dn"))))
                .contains("Missing required property: pem");
    }

    @Test
    void a_private_key_is_refused_and_repeated_nowhere() {
        String text = pem("PRIVATE KEY", keys.get(0).getPrivate().getEncoded());

        HttpResponse<String> response = post(id(newClient()), Map.of("credential_type", "public_key", "pem", text));

        assertRefused(
                response,
                400,
                "Payload validation error: 'It holds a private key: send the public key alone' on property pem.",
                "invalid_body");
        assertThat(server.managed("GET", "logs?per_page=100", null).toString()).doesNotContain("PRIVATE");
    }

    @ParameterizedTest
    @ValueSource(ints = {1024, 4104})
    void a_key_that_is_too_short_or_too_long_is_refused(int bits) throws Exception {
        // A modulus need not be the product of two primes to be of a length.
        RSAPublicKey odd = (RSAPublicKey) KeyFactory.getInstance("RSA")
                .generatePublic(new RSAPublicKeySpec(
                        BigInteger.TWO.pow(bits - 1).add(BigInteger.ONE), BigInteger.valueOf(65_537)));

        assertThat(message(post(
                        id(newClient()),
                        Map.of("credential_type", "public_key", "pem", pem("PUBLIC KEY", odd.getEncoded())))))
                .contains("An RSA key of 2048 to 4096 bits is needed' on property pem");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | Missing required property: credential_type",
                "{\"credential_type\":\"public_key\"} | Missing required property: pem",
                "{\"credential_type\":\"secret\",\"pem\":\"x\"} | No enum match for: secret",
                "{\"credential_type\":\"public_key\",\"pem\":\"x\"} | It is not one PEM block",
                "{\"credential_type\":\"public_key\",\"pem\":\"-----BEGIN PUBLIC KEY-----\\nAAAA\\n-----END PUBLIC KEY-----\"} | It cannot be read",
                "{\"credential_type\":\"x509_cert\",\"pem\":\"K\"} | A certificate is needed",
                "{\"credential_type\":\"public_key\",\"pem\":\"K\",\"parse_expiry_from_cert\":true} | A certificate is needed",
                "{\"credential_type\":\"public_key\",\"pem\":\"K\",\"kid\":\"short\"} | String is too short (5 chars), minimum 10",
                "{\"credential_type\":\"public_key\",\"pem\":\"K\",\"kid\":\"with spaces in it\"} | String does not match pattern",
                "{\"credential_type\":\"public_key\",\"pem\":\"K\",\"alg\":\"HS256\"} | No enum match for: HS256",
                "{\"credential_type\":\"public_key\",\"pem\":\"K\",\"expires_at\":\"tomorrow\"} | Object didn't pass validation for format date-time: tomorrow",
                "{\"credential_type\":\"public_key\",\"pem\":\"K\",\"expires_at\":\"2026-02-31T00:00:00Z\"} | Object didn't pass validation for format date-time",
                "{\"credential_type\":\"public_key\",\"pem\":\"K\",\"expires_at\":\"+999999999-01-01T00:00:00Z\"} | Object didn't pass validation for format date-time",
                "{\"credential_type\":\"public_key\",\"pem\":\"K\",\"foo\":1} | Additional properties not allowed: foo"
            })
    void what_is_no_credential_is_refused(String body, String detail) {
        String client = id(newClient());

        HttpResponse<String> response = server.manage(
                "POST",
                "clients/" + client + "/credentials",
                body.replace("\"K\"", '"' + key(0).replace("\r", "").replace("\n", "\\n") + '"'));

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(message(response)).contains(detail);
        assertThat(server.managed("GET", "clients/" + client + "/credentials", null))
                .isEmpty();
    }

    @Test
    void a_client_has_four_credentials_at_most_and_no_key_twice() {
        String client = id(newClient());
        for (int i = 0; i < 3; i++) {
            add(client, i);
        }

        assertRefused(
                post(client, Map.of("credential_type", "public_key", "pem", key(1), "kid", "another-name")),
                400,
                "credentials contains public keys that already exist in client",
                "invalid_body");
        add(client, 3);
        assertRefused(
                post(client, Map.of("credential_type", "public_key", "pem", key(4))),
                400,
                "A client can have a maximum of 4 credentials.",
                "invalid_body");
        add(id(newClient()), 0);
    }

    @Test
    void only_the_expiry_of_a_credential_can_be_changed() {
        String client = id(newClient());
        JsonNode made = add(client, 0);
        String path = "clients/" + client + "/credentials/" + made.path("id").asString();

        JsonNode changed = server.managed("PATCH", path, Map.of("expires_at", "2027-01-01T00:00:00.000Z"));
        assertThat(changed.path("expires_at").asString()).isEqualTo("2027-01-01T00:00:00.000Z");
        assertThat(changed.path("kid")).isEqualTo(made.path("kid"));
        assertThat(server.managed("PATCH", path, "{\"expires_at\":null}").has("expires_at"))
                .isFalse();
        assertThat(message(server.manage("PATCH", path, Map.of())))
                .contains("Too few properties defined (0), minimum 1");
        assertThat(message(server.manage("PATCH", path, Map.of("name", "x"))))
                .contains("Additional properties not allowed: name");
    }

    @Test
    void an_attached_credential_cannot_be_deleted() {
        String client = id(newClient());
        String credential = add(client, 0).path("id").asString();
        String path = "clients/" + client + "/credentials/" + credential;
        assertThat(attach(client, "private_key_jwt", credential).statusCode()).isEqualTo(200);

        HttpResponse<String> refused = server.manage("DELETE", path, null);
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(message(refused)).contains("still associated with a client");
        assertThat(json(refused).has("errorCode")).isFalse();

        server.managed(
                "PATCH",
                "clients/" + client,
                "{\"client_authentication_methods\":null,\"token_endpoint_auth_method\":\"client_secret_post\"}");
        assertThat(server.manage("DELETE", path, null).statusCode()).isEqualTo(204);
        assertThat(server.manage("DELETE", path, null).statusCode()).isEqualTo(204);
        assertThat(server.manage("GET", path, null).statusCode()).isEqualTo(404);
    }

    @Test
    void a_client_with_credentials_gets_no_token_by_its_secret() {
        JsonNode client = newClient();
        String id = id(client);
        assertThat(server.token(client, API).statusCode()).isEqualTo(200);
        String credential = add(id, 0).path("id").asString();
        assertThat(server.token(client, API).statusCode()).isEqualTo(200);

        JsonNode attached = json(attach(id, "private_key_jwt", credential));

        assertThat(attached.path("client_authentication_methods"))
                .isEqualTo(json("{\"private_key_jwt\":{\"credentials\":[{\"id\":\"" + credential + "\"}]}}"));
        assertThat(attached.has("token_endpoint_auth_method")).isFalse();
        assertThat(server.token(client, API).statusCode()).isEqualTo(401);
        assertThat(server.managed("GET", "logs?per_page=5", null).toString())
                .contains("the client is registered for private_key_jwt, which is not supported");
        assertRefused(
                server.manage("POST", "clients/" + id + "/rotate-secret", null),
                400,
                "The client proves who it is by its credentials, not by a secret",
                "operation_not_supported");

        server.managed(
                "PATCH",
                "clients/" + id,
                "{\"client_authentication_methods\":null,\"token_endpoint_auth_method\":\"client_secret_post\"}");
        assertThat(server.token(client, API).statusCode()).isEqualTo(200);
    }

    @Test
    void a_client_that_requires_proof_of_possession_gets_no_token() {
        JsonNode client = newClient();
        server.managed("PATCH", "clients/" + id(client), Map.of("require_proof_of_possession", true));

        assertThat(server.token(client, API).statusCode()).isEqualTo(401);
        assertThat(server.managed("GET", "logs?per_page=5", null).toString())
                .contains("the client requires proof of possession, which is not supported");

        server.managed("PATCH", "clients/" + id(client), Map.of("require_proof_of_possession", false));
        assertThat(server.token(client, API).statusCode()).isEqualTo(200);
    }

    @Test
    void credentials_are_made_with_their_client() throws Exception {
        JsonNode made = server.managed(
                "POST",
                "clients",
                Map.of(
                        "name",
                        "All at once",
                        "jwt_configuration",
                        Map.of("alg", "RS256"),
                        "client_authentication_methods",
                        Map.of(
                                "self_signed_tls_client_auth",
                                Map.of(
                                        "credentials",
                                        List.of(Map.of(
                                                "credential_type",
                                                "x509_cert",
                                                "pem",
                                                pem("CERTIFICATE", certificate(0)))))),
                        "signed_request_object",
                        Map.of(
                                "required",
                                true,
                                "credentials",
                                List.of(Map.of("credential_type", "public_key", "pem", key(1))))));

        JsonNode credentials = server.managed("GET", "clients/" + id(made) + "/credentials", null);
        assertThat(each(credentials, "credential_type")).containsExactlyInAnyOrder("x509_cert", "public_key");
        String certificate = made.path("client_authentication_methods")
                .path("self_signed_tls_client_auth")
                .path("credentials")
                .path(0)
                .path("id")
                .asString();
        assertThat(each(credentials, "id")).contains(certificate);
        assertThat(made.toString()).doesNotContain("PUBLIC KEY");
        assertThat(ClientSchema.ANSWER.misfit(made, "")).isEmpty();
        credentials.forEach(
                one -> assertThat(CredentialRequest.ANSWER.misfit(one, "")).isEmpty());
        assertThat(made.path("signed_request_object").path("required").asBoolean())
                .isTrue();
        assertThat(made.path("signed_request_object")
                        .path("credentials")
                        .path(0)
                        .path("id")
                        .asString())
                .startsWith("cred_");
        assertThat(server.manage("DELETE", "clients/" + id(made), null).statusCode())
                .isEqualTo(204);
        assertThat(server.manage("GET", "clients/" + id(made) + "/credentials", null)
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void only_a_credential_of_the_client_and_of_the_methods_type_can_be_attached() {
        String client = id(newClient());
        String own = add(client, 0).path("id").asString();
        String others = add(id(newClient()), 0).path("id").asString();

        assertThat(message(attach(client, "private_key_jwt", others)))
                .contains("The client has no public_key credential " + others)
                .endsWith("on property client_authentication_methods.private_key_jwt.credentials[0].id.");
        assertThat(message(attach(client, "tls_client_auth", own)))
                .contains("The client has no cert_subject_dn credential");
        assertThat(message(attach(client, "private_key_jwt", own, own, own)))
                .contains("Array is too long (3), maximum 2");
        assertThat(message(server.manage("PATCH", "clients/" + client, """
                        {"client_authentication_methods":{"private_key_jwt":{"credentials":[]},
                                                          "tls_client_auth":{"credentials":[]}}}""")))
                .contains("Too many properties defined (2), maximum 1");
        assertThat(server.managed("GET", "clients/" + client, null).has("client_authentication_methods"))
                .isFalse();
    }

    @Test
    void methods_by_credentials_and_by_secret_exclude_each_other() {
        String client = id(newClient());
        server.managed("PATCH", "clients/" + client, Map.of("token_endpoint_auth_method", "client_secret_post"));
        String credential = add(client, 0).path("id").asString();
        String methods = "\"client_authentication_methods\":{\"private_key_jwt\":{\"credentials\":[{\"id\":\""
                + credential + "\"}]}}";

        for (String body : List.of(
                "{" + methods + "}", "{\"token_endpoint_auth_method\":\"client_secret_basic\"," + methods + "}")) {
            assertThat(message(server.manage("PATCH", "clients/" + client, body)))
                    .contains("exclude each other");
        }
        assertThat(attach(client, "private_key_jwt", credential).statusCode()).isEqualTo(200);
        assertThat(message(server.manage(
                        "PATCH", "clients/" + client, Map.of("token_endpoint_auth_method", "client_secret_post"))))
                .contains("exclude each other");
        assertThat(message(server.manage(
                        "PATCH", "clients/" + client, Map.of("jwt_configuration", Map.of("alg", "HS256")))))
                .contains("It needs jwt_configuration.alg RS256");
    }

    @Test
    void each_step_needs_its_own_scope() {
        String client = id(newClient());
        JsonNode made = add(client, 0);
        String path = "clients/" + client + "/credentials";
        String one = path + "/" + made.path("id").asString();
        Operator clients = Operator.with(
                server, "create:clients", "read:clients", "read:client_keys", "update:clients", "update:client_keys");

        for (String call : List.of("GET " + path, "POST " + path, "GET " + one, "PATCH " + one, "DELETE " + one)) {
            String[] words = call.split(" ", -1);
            assertThat(clients.call(words[0], words[1], null).statusCode())
                    .as(call)
                    .isEqualTo(403);
        }
        assertRefused(
                clients.call("PATCH", "clients/" + client, "{\"client_authentication_methods\":null}"),
                403,
                "Insufficient scope, expected any of: update:client_credentials",
                "insufficient_scope");
        assertRefused(
                clients.call("POST", "clients", """
                        {"name":"x","client_authentication_methods":{"private_key_jwt":{"credentials":[]}}}"""),
                403,
                "Insufficient scope, expected any of: create:client_credentials",
                "insufficient_scope");
    }

    @Test
    void an_unknown_client_or_credential_does_not_exist() {
        String client = id(newClient());
        String unknown = "clients/" + "x".repeat(32) + "/credentials";

        assertRefused(server.manage("GET", unknown, null), 404, "The client does not exist", "inexistent_client");
        assertRefused(
                server.manage("POST", unknown, Map.of("credential_type", "public_key", "pem", key(0))),
                404,
                "The client does not exist",
                "inexistent_client");
        assertRefused(
                server.manage("GET", "clients/" + client + "/credentials/cred_x", null),
                404,
                "The credential does not exist",
                "inexistent_credential");
        assertThat(server.manage("DELETE", unknown + "/cred_x", null).statusCode())
                .isEqualTo(204);
    }
}
