package dev.jeton.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jeton.oauth.Audience;
import dev.jeton.oauth.ClientId;
import dev.jeton.oauth.Issuer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractStringAssert;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigReaderTest {
    private static final String MASTER_KEY = Base64.getEncoder().encodeToString(new byte[32]);

    @TempDir
    Path folder;

    private static Config read(String... args) {
        return ConfigReader.read(args, Map.of());
    }

    private static Config readEnvironment(Map<String, String> environment) {
        return ConfigReader.read(new String[0], environment);
    }

    private Path file(String yaml) throws IOException {
        return Files.writeString(folder.resolve("jeton.yaml"), yaml);
    }

    private Config readFile(String yaml) throws IOException {
        return read("--config", file(yaml).toString());
    }

    private static AbstractStringAssert<?> refusal(Map<String, String> environment, String... args) {
        try {
            ConfigReader.read(args, environment);
        } catch (ConfigException e) {
            return assertThat(e.getMessage());
        }
        return Assertions.fail("accepted");
    }

    private AbstractStringAssert<?> refusalOfFile(String yaml) throws IOException {
        Path file = file(yaml);
        try {
            read("--config", file.toString());
        } catch (ConfigException e) {
            return assertThat(String.valueOf(e.getMessage()).replace(file.toString(), "jeton.yaml"));
        }
        return Assertions.fail("accepted");
    }

    @Test
    void reads_the_defaults_that_the_help_promises() {
        Config config = read();

        assertThat(config.http())
                .isEqualTo(new Config.Http(
                        new Host("127.0.0.1"),
                        8080,
                        List.of(),
                        16384,
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(60),
                        Duration.ofSeconds(10)));
        assertThat(config.data()).isEqualTo(Path.of("data"));
        assertThat(config.database()).isEqualTo(new Config.Database.Sqlite());
        assertThat(config.masterKey()).isEmpty();
        assertThat(config.tls()).isEqualTo(new Config.Tls.None());
        assertThat(config.bootstrapClient()).isEmpty();
        assertThat(config.oauth().errors()).isEqualTo(Config.ErrorDialect.AUTH0);
        assertThat(config.secrets().reveal()).isTrue();
        assertThat(config.audit())
                .isEqualTo(new Config.Audit(
                        Config.Durability.COMMIT, Duration.ofDays(30), 10L << 30, Duration.ofMillis(5)));
        assertThat(config.throttle()).isEqualTo(new Config.Throttle(true, 100, 20));
        assertThat(config.keys().cacheLifetime()).isEqualTo(Duration.ofMinutes(10));
        assertThat(config.threads().eventLoops()).isPositive();
        assertThat(config.threads().workers()).isPositive();
    }

    @Test
    void a_flag_beats_a_variable_and_a_variable_beats_the_file() throws IOException {
        Path file = file("port: 1\nissuer: https://file.example.com\noauth:\n  errors: rfc6749\n");
        Config config = ConfigReader.read(
                new String[] {"--port=3"},
                Map.of("JETON_PORT", "2", "JETON_ISSUER", "https://env.example.com", "JETON_CONFIG", file.toString()));

        assertThat(config.http().port()).isEqualTo(3);
        assertThat(config.issuer()).contains(new Issuer("https://env.example.com/"));
        assertThat(config.oauth().errors()).isEqualTo(Config.ErrorDialect.RFC6749);
    }

    @Test
    void every_key_may_be_set_by_its_variable() {
        Config config = readEnvironment(Map.of(
                "JETON_OAUTH_DEFAULT_AUDIENCE", "https://api.example.com",
                "JETON_OAUTH_CORS_ORIGINS", "https://a.example.com, https://b.example.com:8443",
                "JETON_AUDIT_MAX_BYTES", "20MiB",
                "JETON_WORKERS", "7"));

        assertThat(config.oauth().defaultAudience()).contains(new Audience("https://api.example.com"));
        assertThat(config.oauth().corsOrigins()).containsExactly("https://a.example.com", "https://b.example.com:8443");
        assertThat(config.audit().maxBytes()).isEqualTo(20L << 20);
        assertThat(config.threads().workers()).isEqualTo(7);
    }

    @Test
    void ignores_an_empty_variable_and_those_of_the_launcher_and_the_command_line() {
        Config config = readEnvironment(Map.of(
                "JETON_PORT", "",
                "JETON_JAVA_HOME", "/jdk",
                "JETON_URL", "x",
                "JETON_CLIENT_ID", "x",
                "JETON_CLIENT_SECRET", "x"));

        assertThat(config.http().port()).isEqualTo(8080);
    }

    @Test
    void reads_nested_groups_dotted_keys_and_lists_from_the_file() throws IOException {
        Config config = readFile("""
                host: 0.0.0.0
                behind_proxy: [10.0.0.0/8, "fd00::/8"]
                issuer: https://login.example.com
                http:
                  idle_timeout: 2m
                http.max_header_bytes: 2048
                oauth:
                  cors_origins:
                    - https://app.example.com
                """);

        assertThat(config.http().behindProxy()).containsExactly(Cidr.parse("10.0.0.0/8"), Cidr.parse("fd00::/8"));
        assertThat(config.http().idleTimeout()).isEqualTo(Duration.ofMinutes(2));
        assertThat(config.http().maxHeaderBytes()).isEqualTo(2048);
        assertThat(config.oauth().corsOrigins()).containsExactly("https://app.example.com");
    }

    @Test
    void an_empty_file_changes_nothing() throws IOException {
        assertThat(readFile("# nothing yet\n").http().port()).isEqualTo(8080);
    }

    @Test
    void reads_a_secret_from_the_file_that_its_variable_names() throws IOException {
        Path password = Files.writeString(folder.resolve("password"), "pass word\n");
        Config config = readEnvironment(Map.of(
                "JETON_DB_URL",
                "jdbc:postgresql://db.example.com/jeton?sslmode=verify-full",
                "JETON_DB_USER",
                "jeton",
                "JETON_DB_PASSWORD_FILE",
                password.toString(),
                "JETON_MASTER_KEY",
                MASTER_KEY));

        assertThat(config.database()).isInstanceOfSatisfying(Config.Database.PostgreSql.class, server -> {
            assertThat(server.url()).isEqualTo("jdbc:postgresql://db.example.com/jeton?sslmode=verify-full");
            assertThat(server.user()).contains("jeton");
            assertThat(server.password().orElseThrow().reveal())
                    .isEqualTo("pass word".getBytes(StandardCharsets.UTF_8));
        });
        assertThat(config.masterKey().orElseThrow().reveal()).isEqualTo(new byte[32]);
        assertThat(config.toString()).contains("[secret]").doesNotContain("pass word");
    }

    @Test
    void a_secret_file_may_be_named_in_the_configuration_file() throws IOException {
        Path key = Files.writeString(folder.resolve("key"), MASTER_KEY);

        assertThat(readFile("master_key_file: " + key).masterKey()).isPresent();
    }

    @Test
    void reads_the_bootstrap_client() {
        Config config =
                readEnvironment(Map.of("JETON_BOOTSTRAP_CLIENT_ID", "boot", "JETON_BOOTSTRAP_CLIENT_SECRET", "strap"));

        assertThat(config.bootstrapClient()).hasValueSatisfying(client -> {
            assertThat(client.id()).isEqualTo(new ClientId("boot"));
            assertThat(client.secret().reveal()).isEqualTo("strap".getBytes(StandardCharsets.UTF_8));
        });
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, none, 8080, http://127.0.0.1:8080/",
        "localhost, none, 80, http://localhost/",
        "::1, self-signed, 8443, https://[::1]:8443/",
        "jeton.example.com, self-signed, 443, https://jeton.example.com/"
    })
    void the_issuer_follows_from_host_port_and_tls(String host, String tls, int port, String issuer) {
        assertThat(read("--host", host, "--tls", tls).issuerAt(port)).isEqualTo(new Issuer(issuer));
    }

    @Test
    void the_issuer_given_is_kept_and_ends_with_a_slash() {
        assertThat(read("--issuer", "https://login.example.com/tenant").issuerAt(8080))
                .isEqualTo(new Issuer("https://login.example.com/tenant/"));
    }

    @Test
    void reads_a_certificate_and_a_key_file() {
        assertThat(read("--tls", "tls/cert.pem, tls/key.pem").tls())
                .isEqualTo(new Config.Tls.Pem(Path.of("tls/cert.pem"), Path.of("tls/key.pem")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "10.1.2.3", "jeton.example.com"})
    void refuses_plain_http_beyond_loopback(String host) {
        refusal(Map.of(), "--host", host, "--issuer", "https://login.example.com")
                .isEqualTo("host, from --host: Tokens and secrets would cross the network in the clear at " + host
                        + "; give --tls self-signed or --tls cert.pem,key.pem, or, if a proxy in front ends TLS, name "
                        + "its addresses with --behind-proxy 10.0.0.0/8.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.9.9.9", "::1", "[::1]", "localhost", "LocalHost"})
    void accepts_plain_http_on_loopback(String host) {
        assertThat(read("--host", host).http().host().isLoopback()).isTrue();
    }

    @Test
    void accepts_plain_http_behind_a_proxy() {
        Config config = read("--host", "10.1.2.3", "--behind-proxy", "10.0.0.0/8", "--issuer", "https://a.example.com");

        assertThat(config.http().behindProxy()).containsExactly(Cidr.parse("10.0.0.0/8"));
    }

    @Test
    void a_wildcard_host_needs_an_issuer() {
        refusal(Map.of(), "--host", "0.0.0.0", "--tls", "self-signed")
                .isEqualTo("host, from --host: 0.0.0.0 is nobody's name, so the issuer cannot follow from it; "
                        + "give the public base URL with --issuer https://login.example.com.");
    }

    @Test
    void an_issuer_without_tls_does_not_go_with_tls() {
        refusal(Map.of(), "--tls", "self-signed", "--issuer", "http://login.example.com")
                .isEqualTo("issuer, from --issuer: with TLS on, nothing answers at http://login.example.com/; "
                        + "begin it with https://, or set tls to none.");
    }

    @Test
    void postgresql_needs_a_master_key() {
        refusal(Map.of(), "--db-url", "jdbc:postgresql://localhost/jeton")
                .startsWith("db.url, from --db-url: with PostgreSQL the master key is required")
                .contains("JETON_MASTER_KEY_FILE");
    }

    @Test
    void a_bootstrap_client_has_both_id_and_secret() {
        refusal(Map.of("JETON_BOOTSTRAP_CLIENT_ID", "boot"))
                .isEqualTo("bootstrap.client_id, from JETON_BOOTSTRAP_CLIENT_ID: it means nothing without "
                        + "bootstrap.client_secret; set JETON_BOOTSTRAP_CLIENT_SECRET too, or leave both out.");
        refusal(Map.of("JETON_BOOTSTRAP_CLIENT_SECRET", "strap"))
                .startsWith("bootstrap.client_secret, from JETON_BOOTSTRAP_CLIENT_SECRET: it means nothing without");
    }

    @Test
    void a_database_password_needs_a_database() {
        refusal(Map.of("JETON_DB_PASSWORD", "hunter2"))
                .startsWith("db.password, from JETON_DB_PASSWORD: it means nothing without db.url")
                .doesNotContain("hunter2");
    }

    static Stream<Arguments> values_of_the_wrong_form() {
        return Stream.of(
                Arguments.of("port", "eighty", "'eighty' is not a whole number from 0 to 65535, such as 8080"),
                Arguments.of("port", "65536", "'65536' is not a whole number from 0 to 65535, such as 8080"),
                Arguments.of("port", "-1", "'-1' is not a whole number from 0 to 65535, such as 8080"),
                Arguments.of("host", "http://x", "'http://x' is not a host name or address alone, such as 127.0.0.1,"),
                Arguments.of("host", "10.1", "'10.1' is not a host name or address alone"),
                Arguments.of("data", " ", "it is empty"),
                Arguments.of("issuer", "login.example.com", "'login.example.com' is not a base URL such as https://"),
                Arguments.of("issuer", "https://a.example.com?x", "no query, no fragment"),
                Arguments.of(
                        "tls", "on", "'on' is not 'none', 'self-signed', or a certificate and a key file, such as"),
                Arguments.of("behind_proxy", "10.0.0.0/33", "'/33' is not a prefix length from 0 to 32"),
                Arguments.of("behind_proxy", "proxy", "'proxy' is not a block of addresses, such as 10.0.0.0/8"),
                Arguments.of("behind_proxy", "10.0.0.1,", "is not a list of address blocks"),
                Arguments.of("db.url", "jdbc:mysql://x/y", "it is not a URL such as jdbc:postgresql://"),
                Arguments.of("db.url", "jdbc:sqlite:x.db", "SQLite needs no URL: leave db.url out"),
                Arguments.of("db.user", " ", "it is empty"),
                Arguments.of("oauth.errors", "RFC", "'RFC' is not one of auth0, rfc6749"),
                Arguments.of("oauth.cors_origins", "https://a.example.com/", "is not a web origin such as https://"),
                Arguments.of("oauth.cors_origins", "null", "is not a web origin"),
                Arguments.of("oauth.accept_either_secret_transport", "yes", "'yes' is not true or false"),
                Arguments.of("secrets.reveal", "1", "'1' is not true or false"),
                Arguments.of("audit.durability", "maybe", "'maybe' is not one of commit, async"),
                Arguments.of("audit.retention", "30", "'30' is not a time with its unit (ms, s, m, h, d) from 1d to"),
                Arguments.of("audit.max_bytes", "10GB", "'10GB' is not a number of bytes from 16777216 to"),
                Arguments.of("audit.max_bytes", "999999999999999GiB", "is not a number of bytes"),
                Arguments.of("audit.commit_interval", "1m", "'1m' is not a time with its unit"),
                Arguments.of("throttle.failures_per_minute_by_address", "0", "from 1 to 1000000, such as 100"),
                Arguments.of("event_loops", "many", "'many' is not a whole number from 0 to 1024, such as 2"),
                Arguments.of("bootstrap.client_id", "x".repeat(65), "is not a client id of 1 to 64 characters"),
                Arguments.of("log.format", "xml", "'xml' is not one of auto, text, json"));
    }

    @ParameterizedTest
    @MethodSource("values_of_the_wrong_form")
    void says_which_value_is_wrong_and_what_is_expected(String key, String text, String sentence) throws IOException {
        String variable = Settings.find(key).orElseThrow().variable();

        refusal(Map.of(variable, text))
                .startsWith(key + ", from " + variable + ": ")
                .contains(sentence);
        refusalOfFile("\n" + key + ": '" + text + "'\n")
                .startsWith(key + ", from jeton.yaml:2: ")
                .contains(sentence);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:postgresql://localhost/jeton?user=jeton&password=hunter2",
                "jdbc:postgresql://localhost/jeton?sslpassword=hunter2",
                "jdbc:postgresql://jeton:hunter2@localhost/jeton"
            })
    void refuses_a_password_in_the_database_url_without_quoting_it(String url) {
        refusal(Map.of("JETON_MASTER_KEY", MASTER_KEY), "--db-url", url)
                .isEqualTo("db.url, from --db-url: a user or password in a URL ends up in process lists and logs; take "
                        + "it out, and set JETON_DB_USER and JETON_DB_PASSWORD or JETON_DB_PASSWORD_FILE.");
    }

    @Test
    void refuses_a_master_key_of_another_length_without_quoting_it() {
        refusal(Map.of("JETON_MASTER_KEY", "aHVudGVyMg=="))
                .isEqualTo("master_key, from JETON_MASTER_KEY: it is not 32 bytes in base64; make one with: "
                        + "openssl rand -base64 32.");
        refusal(Map.of("JETON_MASTER_KEY", "hunter2!")).doesNotContain("hunter2");
    }

    @Test
    void refuses_a_secret_given_directly_and_by_file() {
        refusal(Map.of("JETON_MASTER_KEY", MASTER_KEY, "JETON_MASTER_KEY_FILE", "/run/key"))
                .isEqualTo("master_key, from JETON_MASTER_KEY: JETON_MASTER_KEY_FILE gives it too; leave one out.");
    }

    @Test
    void refuses_a_secret_file_that_is_not_there() {
        refusal(Map.of("JETON_MASTER_KEY_FILE", folder.resolve("key").toString()))
                .isEqualTo(
                        "master_key, from JETON_MASTER_KEY_FILE: the file " + folder.resolve("key")
                                + " cannot be read (no such file); name one that holds the secret and that this user can read.");
    }

    @ParameterizedTest
    @CsvSource({
        "--db-password, JETON_DB_PASSWORD",
        "--bootstrap-client-secret, JETON_BOOTSTRAP_CLIENT_SECRET",
        "--master-key, JETON_MASTER_KEY",
        "--master-key-file, JETON_MASTER_KEY"
    })
    void a_secret_has_no_flag(String flag, String variable) {
        String sentence =
                flag + ": a secret has no flag, because every user of the machine can read command lines; set "
                        + variable + ", or " + variable + "_FILE to the file that holds it.";

        refusal(Map.of(), flag, "hunter2").isEqualTo(sentence);
        refusal(Map.of(), flag + "=hunter2").isEqualTo(sentence);
    }

    @Test
    void names_the_nearest_flag_and_the_way_to_set_what_has_none() {
        refusal(Map.of(), "--prot", "8080").isEqualTo("--prot: there is no such flag; did you mean --port?");
        refusal(Map.of(), "--audit-retention", "3d")
                .isEqualTo("--audit-retention: it has no flag; set JETON_AUDIT_RETENTION or audit.retention in the "
                        + "file named by --config.");
        refusal(Map.of(), "--colour")
                .isEqualTo("--colour: there is no such flag; `jeton serve --help` lists all there are.");
    }

    @Test
    void refuses_a_flag_given_twice_one_without_value_and_a_bare_word() {
        refusal(Map.of(), "--port", "1", "--port=2").isEqualTo("--port: it is given twice; leave one out.");
        refusal(Map.of(), "--port", "--host", "::1")
                .isEqualTo("--port: its value is missing; it is a whole number from 0 to 65535, such as 8080.");
        refusal(Map.of(), "8080").isEqualTo("command line: '8080' is not a flag; settings are given as --port 8080.");
    }

    @Test
    void names_the_nearest_variable() {
        refusal(Map.of("JETON_ISUER", "x"))
                .isEqualTo("JETON_ISUER: there is no such setting; did you mean JETON_ISSUER?");
        refusal(Map.of("JETON_DB_PASWORD_FILE", "x")).contains("did you mean JETON_DB_PASSWORD_FILE?");
    }

    @Test
    void knows_the_variables_that_kubernetes_makes() {
        refusal(Map.of("JETON_PORT", "tcp://10.0.0.1:80", "JETON_SERVICE_HOST", "10.0.0.1"))
                .isEqualTo("JETON_PORT: Kubernetes sets this variable and others for a Service named jeton; "
                        + "write enableServiceLinks: false in the pod's spec.");
    }

    @ParameterizedTest
    @CsvSource({
        "'oauth_errors: auth0', oauth.errors",
        "'http.port: 1', port",
        "'database.url: x', db.url",
        "'Port: 1', port",
        "'oauth: {eror: x}', oauth.errors",
        "'htpp: {idle_timeout: 1s}', http",
        "'config: x', port"
    })
    void names_the_nearest_key(String yaml, String nearest) throws IOException {
        AbstractStringAssert<?> refusal = refusalOfFile("log.format: text\n" + yaml);
        refusal.startsWith("jeton.yaml:2: there is no setting '");
        if (yaml.startsWith("config")) {
            refusal.endsWith("`jeton serve --help` lists all there are.");
        } else {
            refusal.endsWith("; did you mean " + nearest + "?");
        }
    }

    @Test
    void refuses_a_repeated_key_of_the_file() throws IOException {
        refusalOfFile("port: 1\nhost: ::1\nport: 2\n")
                .isEqualTo("jeton.yaml:3: 'port' stands already in line 1; leave one out.");
        refusalOfFile("http:\n  idle_timeout: 1s\nhttp.idle_timeout: 2s\n")
                .isEqualTo("jeton.yaml:3: 'http.idle_timeout' stands already in line 2; leave one out.");
    }

    @Test
    void names_the_type_expected_in_the_file() throws IOException {
        refusalOfFile("port: [1]\n")
                .isEqualTo("port, from jeton.yaml:1: a list is not a whole number from 0 to 65535, such as 8080.");
        refusalOfFile("port:\n").startsWith("port, from jeton.yaml:1: an empty value is not a whole number");
        refusalOfFile("port: {a: b}\n").startsWith("port, from jeton.yaml:1: a group is not a whole number");
        refusalOfFile("behind_proxy: []\n")
                .startsWith("behind_proxy, from jeton.yaml:1: an empty list is not a list of address blocks");
        refusalOfFile("behind_proxy: [[10.0.0.0/8]]\n")
                .startsWith("behind_proxy, from jeton.yaml:1: an item is not a text; it is a list of address blocks");
        refusalOfFile("http: 1\n").isEqualTo("jeton.yaml:1: 'http' is a group; write its settings below it, indented.");
        refusalOfFile("- port\n").isEqualTo("jeton.yaml:1: this is not a setting; write lines such as port: 8080.");
        refusalOfFile("? [a]\n: b\n").isEqualTo("jeton.yaml:1: this is not the name of a setting.");
    }

    @Test
    void says_where_the_file_is_not_yaml_without_quoting_it() throws IOException {
        refusalOfFile("port: 1\ndb:\n  password: hunter2: x\n")
                .startsWith("jeton.yaml:3: this is not YAML: ")
                .doesNotContain("hunter2");
        refusalOfFile("port: 1\n---\nport: 2\n").startsWith("jeton.yaml").contains("this is not YAML");
        refusalOfFile("a: &a [*a]\nb: *c\n").contains("this is not YAML");
    }

    @Test
    void refuses_a_file_that_is_missing_too_large_or_not_text() throws IOException {
        refusal(Map.of("JETON_CONFIG", "/nowhere.yaml"))
                .isEqualTo("config, from JETON_CONFIG: /nowhere.yaml cannot be read (no such file); name a YAML file "
                        + "of at most 256 KiB that this user can read.");
        refusalOfFile("# " + "x".repeat(256 * 1024)).contains("cannot be read (too large)");
        Path binary = Files.write(folder.resolve("binary.yaml"), new byte[] {(byte) 0xff, 0});
        refusal(Map.of(), "--config", binary.toString()).contains("cannot be read (not UTF-8 text)");
    }

    @Test
    void shows_all_that_is_wrong_at_once() {
        refusal(Map.of("JETON_POR", "1"), "--tls", "on", "--hots", "x").isEqualTo("""
                        --hots: there is no such flag; did you mean --host?
                        JETON_POR: there is no such setting; did you mean JETON_PORT?
                        tls, from --tls: 'on' is not 'none', 'self-signed', or a certificate and a key file, such as \
                        cert.pem,key.pem.""");
    }

    @Test
    void the_help_names_every_setting_with_its_default() {
        String help = ConfigReader.help();

        for (Setting<?> setting : Settings.ALL) {
            assertThat(help).contains(setting.variable()).contains(setting.doc());
        }
        assertThat(help).contains("--port <port>").contains("Default: 8080").contains("JETON_DB_PASSWORD_FILE");
        assertThat(help).doesNotContain("--db-password");
    }

    @Test
    void the_examples_in_the_help_can_be_called_so() throws IOException {
        Path config = file("port: 9090");
        List<String> examples = ConfigReader.help()
                .lines()
                .filter(line -> line.startsWith("  jeton "))
                .map(line -> line.replaceFirst("  jeton (config show|\\w+) ", "")
                        .replace("jeton.yaml", config.toString())
                        .replace(" --json", ""))
                .toList();

        assertThat(examples).hasSizeGreaterThan(4);
        for (String example : examples) {
            assertThat(read(example.split(" "))).isNotNull();
        }
    }

    @Test
    void the_command_line_completes_the_same_flags() throws IOException {
        Path completed = Path.of("../cli/src/main/resources/dev/jeton/cli/server-flags.txt");

        assertThat(ConfigReader.help()
                        .lines()
                        .filter(line -> line.startsWith("  --"))
                        .map(String::strip))
                .containsExactlyElementsOf(Files.readAllLines(completed));
    }

    @Test
    void every_default_and_every_variable_is_sound() {
        assertThat(Settings.ALL)
                .doesNotHaveDuplicates()
                .extracting(Setting::variable)
                .doesNotHaveDuplicates();
        assertThat(Settings.ALL).allSatisfy(setting -> {
            assertThat(setting.doc()).endsWith(".");
            if (setting.absent() instanceof Setting.Absent.Default(String text)) {
                assertThat(setting.kind().parse(text)).isNotNull();
            }
        });
    }

    @Test
    void a_secret_does_not_show_itself() {
        Secret secret = new Secret(new byte[] {1});

        assertThat(secret).hasToString("[secret]");
    }
}
