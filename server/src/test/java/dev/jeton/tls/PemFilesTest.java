package dev.jeton.tls;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class PemFilesTest {
    @TempDir
    Path folder;

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final List<ServerIdentity> changes = new ArrayList<>();
    private TestCertificates certificates;
    private Path certificateFile;
    private Path keyFile;
    private X509Certificate first;
    private PemFiles files;

    @BeforeEach
    void open_a_pair() throws IOException {
        certificateFile = folder.resolve("cert.pem");
        keyFile = folder.resolve("key.pem");
        certificates = new TestCertificates(folder.resolve("ca"));
        first = replace();
        files = PemFiles.open(certificateFile, keyFile, InstantSource.fixed(TestCertificates.NOW));
        log.start();
        ((Logger) LoggerFactory.getLogger(PemFiles.class)).addAppender(log);
    }

    @AfterEach
    void detach_the_log() {
        ((Logger) LoggerFactory.getLogger(PemFiles.class)).detachAppender(log);
    }

    private X509Certificate replace() throws IOException {
        KeyPair pair = CertificateAuthority.newKeyPair(new SecureRandom());
        X509Certificate certificate = certificates.certificate(pair, "jeton.example.com");
        Files.write(certificateFile, Pem.encode(List.of(certificate)));
        Files.write(keyFile, Pem.encode(pair.getPrivate()));
        // The clock of the file system may be too coarse to tell two writes apart.
        Files.setLastModifiedTime(
                keyFile,
                FileTime.from(Files.getLastModifiedTime(keyFile).toInstant().plus(Duration.ofSeconds(1))));
        return certificate;
    }

    private List<ILoggingEvent> warnings() {
        return log.list.stream().filter(event -> event.getLevel() == Level.WARN).toList();
    }

    @Test
    void reads_the_files_once_as_long_as_they_stay_the_same() {
        files.refresh(changes::add);

        assertThat(changes).isEmpty();
        assertThat(files.current().certificate()).isEqualTo(first);
    }

    @Test
    void hands_over_a_new_pair_when_the_files_change() throws IOException {
        X509Certificate second = replace();
        files.refresh(changes::add);
        files.refresh(changes::add);

        assertThat(changes).singleElement().isSameAs(files.current());
        assertThat(files.current().certificate()).isEqualTo(second).isNotEqualTo(first);
    }

    @Test
    void follows_a_link_that_is_turned_to_another_file() throws IOException {
        Path key = Files.move(keyFile, folder.resolve("old.key"));
        Path certificate = Files.move(certificateFile, folder.resolve("old.pem"));
        Files.createSymbolicLink(keyFile, key);
        Files.createSymbolicLink(certificateFile, certificate);
        files.refresh(changes::add); // same inodes, nothing new
        assertThat(changes).isEmpty();

        Path newKey = folder.resolve("new.key");
        Path newCertificate = folder.resolve("new.pem");
        KeyPair pair = CertificateAuthority.newKeyPair(new SecureRandom());
        Files.write(newKey, Pem.encode(pair.getPrivate()));
        Files.write(newCertificate, Pem.encode(List.of(certificates.certificate(pair, "jeton.example.com"))));
        Files.setLastModifiedTime(newKey, Files.getLastModifiedTime(key));
        Files.setLastModifiedTime(newCertificate, Files.getLastModifiedTime(certificate));
        Files.delete(keyFile);
        Files.delete(certificateFile);
        Files.createSymbolicLink(keyFile, newKey);
        Files.createSymbolicLink(certificateFile, newCertificate);
        files.refresh(changes::add);

        assertThat(changes).hasSize(1);
    }

    @Test
    void keeps_the_old_pair_while_the_new_one_is_broken_and_says_so_once() throws IOException {
        Files.writeString(certificateFile, "half wri");
        files.refresh(changes::add);
        files.refresh(changes::add);

        assertThat(changes).isEmpty();
        assertThat(files.current().certificate()).isEqualTo(first);
        assertThat(warnings())
                .singleElement()
                .extracting(ILoggingEvent::getFormattedMessage)
                .isEqualTo("The new TLS certificate is not usable, the old one stays in use. " + certificateFile
                        + ": it holds no certificate (BEGIN CERTIFICATE); give PEM files by --tls cert.pem,key.pem.");

        X509Certificate second = replace();
        files.refresh(changes::add);
        assertThat(files.current().certificate()).isEqualTo(second);
    }

    @Test
    void keeps_the_old_pair_while_the_files_are_away() throws IOException {
        Files.delete(keyFile);
        files.refresh(changes::add);

        assertThat(changes).isEmpty();
        assertThat(files.current().certificate()).isEqualTo(first);
        assertThat(warnings()).hasSize(1);
    }
}
