package dev.jeton.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jeton.config.ConfigException;
import dev.jeton.config.ConfigReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SelfSignedTest {
    private static final Set<String> NAMES = Set.of("localhost", "127.0.0.1", "0:0:0:0:0:0:0:1");

    @TempDir
    Path parent;

    private Instant now = TestCertificates.NOW;

    private Path folder() {
        return parent.resolve("tls");
    }

    private SelfSigned open(Set<String> names) {
        return SelfSigned.open(folder(), names, () -> now, new SecureRandom());
    }

    private X509Certificate certificate(Set<String> names) {
        return open(names).current().certificate();
    }

    private static Set<String> names(String... args) {
        return SelfSigned.names(ConfigReader.read(args, Map.of()));
    }

    private static String permissions(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    @Test
    void is_named_after_host_issuer_and_loopback() {
        assertThat(names("--tls", "self-signed", "--host", "::", "--issuer", "https://[2001:db8::1]:8443"))
                .containsExactly("2001:db8:0:0:0:0:0:1", "localhost", "127.0.0.1", "0:0:0:0:0:0:0:1");
        assertThat(names("--tls", "self-signed", "--host", "10.1.2.3", "--issuer", "https://Login.Example.com./x"))
                .containsExactly("10.1.2.3", "login.example.com", "localhost", "127.0.0.1", "0:0:0:0:0:0:0:1");
    }

    @Test
    void makes_a_ca_and_a_server_certificate_and_closes_the_keys_to_others() throws Exception {
        X509Certificate certificate = certificate(NAMES);
        X509Certificate authority =
                Pem.certificates(Files.readAllBytes(folder().resolve("ca.pem"))).getFirst();

        certificate.verify(authority.getPublicKey());
        assertThat(certificate.getNotAfter().toInstant()).isEqualTo(now.plus(Duration.ofDays(397)));
        assertThat(certificate.getSubjectAlternativeNames())
                .containsExactlyInAnyOrder(
                        List.of(2, "localhost"), List.of(7, "127.0.0.1"), List.of(7, "0:0:0:0:0:0:0:1"));
        assertThat(certificate.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
        assertThat(certificate.getBasicConstraints()).isEqualTo(-1);
        assertThat(authority.getBasicConstraints()).isZero();
        assertThat(authority.getNotAfter().toInstant()).isEqualTo(now.plus(Duration.ofDays(3650)));
        assertThat(permissions(folder())).isEqualTo("rwx------");
        assertThat(permissions(folder().resolve("ca.key"))).isEqualTo("rw-------");
        assertThat(permissions(folder().resolve("server.key"))).isEqualTo("rw-------");
        assertThat(permissions(folder().resolve("ca.pem"))).isEqualTo("rw-r--r--");
    }

    @Test
    void uses_the_stored_certificate_again() {
        assertThat(certificate(NAMES)).isEqualTo(certificate(NAMES));
    }

    @Test
    void a_new_name_takes_a_new_certificate_of_the_same_ca() throws IOException {
        X509Certificate before = certificate(NAMES);
        byte[] authority = Files.readAllBytes(folder().resolve("ca.pem"));
        Set<String> more = new LinkedHashSet<>(NAMES);
        more.add("jeton.example.com");

        assertThat(certificate(more)).isNotEqualTo(before);
        assertThat(folder().resolve("ca.pem")).hasBinaryContent(authority);
        assertThat(certificate(NAMES)).as("fewer names still fit").isEqualTo(certificate(more));
    }

    @Test
    void a_certificate_near_its_end_is_renewed_at_the_start() {
        X509Certificate before = certificate(NAMES);
        now = now.plus(Duration.ofDays(397 - 30));
        assertThat(certificate(NAMES)).isEqualTo(before);

        now = now.plusSeconds(1);
        assertThat(certificate(NAMES)).isNotEqualTo(before);
    }

    @Test
    void a_certificate_near_its_end_is_renewed_while_the_server_runs() {
        SelfSigned selfSigned = open(NAMES);
        List<ServerIdentity> changes = new ArrayList<>();
        selfSigned.refresh(changes::add);
        assertThat(changes).isEmpty();

        now = now.plus(Duration.ofDays(368));
        selfSigned.refresh(changes::add);
        selfSigned.refresh(changes::add);

        assertThat(changes).singleElement().isSameAs(selfSigned.current());
        assertThat(certificate(NAMES)).isEqualTo(selfSigned.current().certificate());
    }

    @Test
    void no_certificate_outlives_its_ca_and_the_last_one_is_not_renewed_for_ever() {
        SelfSigned selfSigned = open(NAMES);
        now = now.plus(Duration.ofDays(3640));
        List<ServerIdentity> changes = new ArrayList<>();
        selfSigned.refresh(changes::add);
        selfSigned.refresh(changes::add);

        assertThat(changes).hasSize(1);
        assertThat(selfSigned.current().certificate().getNotAfter().toInstant())
                .isEqualTo(TestCertificates.NOW.plus(Duration.ofDays(3650)));
    }

    @Test
    void a_half_written_pair_is_replaced() throws IOException {
        X509Certificate before = certificate(NAMES);
        Files.writeString(folder().resolve("server.pem"), "");

        assertThat(certificate(NAMES)).isNotEqualTo(before);
    }

    @Test
    void a_certificate_of_another_ca_is_replaced() throws IOException {
        X509Certificate before = certificate(NAMES);
        Files.delete(folder().resolve("ca.pem"));

        assertThat(certificate(NAMES).getIssuerX500Principal()).isNotEqualTo(before.getIssuerX500Principal());
    }

    @Test
    void refuses_a_ca_without_its_key() throws IOException {
        certificate(NAMES);
        Files.delete(folder().resolve("ca.key"));

        assertThatThrownBy(() -> open(NAMES))
                .isInstanceOf(ConfigException.class)
                .hasMessage(
                        folder().resolve("ca.key") + ": the key of our own CA is missing; restore it from a backup, "
                                + "or delete " + folder() + ", start again and give the new ca.pem to every client.");
    }

    @Test
    void refuses_a_ca_that_has_expired() {
        certificate(NAMES);
        now = now.plus(Duration.ofDays(3651));

        assertThatThrownBy(() -> open(NAMES))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith(
                        "our own CA is not usable: " + folder().resolve("ca.pem") + ": the certificate expired at ")
                .hasMessageEndingWith("start again and give the new ca.pem to every client.");
    }

    @Test
    void refuses_keys_that_others_may_read() throws IOException {
        certificate(NAMES);
        for (String name : List.of("ca.key", "server.key")) {
            Path key = folder().resolve(name);
            Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
            assertThatThrownBy(() -> open(NAMES))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageEndingWith("run: chmod 600 " + key);
            Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        }
    }

    @Test
    void refuses_a_folder_it_cannot_keep_anything_in() throws IOException {
        Files.writeString(folder(), "");

        assertThatThrownBy(() -> open(NAMES))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith(folder() + ": the self-signed certificate cannot be kept there (");
    }
}
