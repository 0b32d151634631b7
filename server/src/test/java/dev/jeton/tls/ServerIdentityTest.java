package dev.jeton.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jeton.config.ConfigException;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.assertj.core.api.AbstractThrowableAssert;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PKCS8Generator;
import org.bouncycastle.openssl.jcajce.JcaMiscPEMGenerator;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8EncryptorBuilder;
import org.bouncycastle.openssl.jcajce.JcePEMEncryptorBuilder;
import org.bouncycastle.util.io.pem.PemObject;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerIdentityTest {
    private static final Instant NOW = TestCertificates.NOW;

    @TempDir
    Path folder;

    private Path certificateFile;
    private Path keyFile;
    private TestCertificates certificates;
    private KeyPair pair;
    private X509Certificate certificate;

    @BeforeEach
    void write_a_usable_pair() throws IOException {
        certificateFile = folder.resolve("cert.pem");
        keyFile = folder.resolve("key.pem");
        certificates = new TestCertificates(folder.resolve("ca"));
        pair = CertificateAuthority.newKeyPair(new SecureRandom());
        certificate = certificates.certificate(pair, "jeton.example.com");
        Files.write(certificateFile, Pem.encode(List.of(certificate)));
        Files.write(keyFile, Pem.encode(pair.getPrivate()));
    }

    private ServerIdentity load() {
        return ServerIdentity.load(certificateFile, keyFile, NOW);
    }

    private AbstractThrowableAssert<?, ?> refusal() {
        return assertThatThrownBy(this::load).isInstanceOf(ConfigException.class);
    }

    @Test
    void reads_a_chain_and_a_pkcs8_key_and_gives_them_back_as_pem() throws IOException {
        Files.write(certificateFile, Pem.encode(List.of(certificate, certificates.authority())));

        ServerIdentity identity = load();

        assertThat(identity.chain()).containsExactly(certificate, certificates.authority());
        assertThat(identity.chainPem()).isEqualTo(Files.readAllBytes(certificateFile));
        assertThat(identity.revealKeyPem()).isEqualTo(Files.readAllBytes(keyFile));
        assertThat(identity).hasToString("ServerIdentity[CN=Jeton server]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA", "EC"})
    void reads_every_kind_of_key_in_pkcs8(String algorithm) throws IOException {
        pair = TestCertificates.keyPair(algorithm);
        Files.write(certificateFile, Pem.encode(List.of(certificates.certificate(pair, "localhost"))));
        Files.write(keyFile, Pem.encode(pair.getPrivate()));

        assertThat(load().key()).isEqualTo(pair.getPrivate());
    }

    @Test
    void refuses_a_key_that_the_listener_cannot_use() throws IOException {
        pair = TestCertificates.keyPair("Ed25519");
        Files.write(certificateFile, Pem.encode(List.of(certificates.certificate(pair, "localhost"))));
        Files.write(keyFile, Pem.encode(pair.getPrivate()));

        assertThatThrownBy(this::load)
                .isInstanceOf(ConfigException.class)
                .hasMessage(keyFile + ": the listener cannot use a key of the kind EdDSA; give an RSA or EC key and "
                        + "its certificate.");
    }

    @Test
    void reads_a_pkcs1_rsa_key() throws IOException {
        pair = TestCertificates.keyPair("RSA");
        Files.write(certificateFile, Pem.encode(List.of(certificates.certificate(pair, "localhost"))));
        Files.writeString(keyFile, TestCertificates.traditional(pair));

        assertThat(keyFile).content().startsWith("-----BEGIN RSA PRIVATE KEY-----");
        assertThat(load().revealKeyPem()).isEqualTo(Pem.encode(pair.getPrivate()));
    }

    @Test
    void reads_a_sec1_ec_key_after_its_parameters() throws IOException {
        PemObject parameters = new PemObject("EC PARAMETERS", X9ObjectIdentifiers.prime256v1.getEncoded());
        BigInteger number = ((ECPrivateKey) pair.getPrivate()).getS();
        PemObject key = new PemObject(
                "EC PRIVATE KEY",
                new org.bouncycastle.asn1.sec.ECPrivateKey(256, number, X9ObjectIdentifiers.prime256v1).getEncoded());
        Files.writeString(keyFile, TestCertificates.traditional(parameters, key));

        assertThat(keyFile).content().contains("-----BEGIN EC PARAMETERS-----").contains("BEGIN EC PRIVATE KEY");
        assertThat(((ECPrivateKey) load().key()).getS()).isEqualTo(number);
    }

    @Test
    void reads_one_file_that_holds_both() throws IOException {
        Files.writeString(certificateFile, Files.readString(keyFile) + Files.readString(certificateFile));

        assertThat(ServerIdentity.load(certificateFile, certificateFile, NOW).chain())
                .containsExactly(certificate);
    }

    @Test
    void refuses_an_encrypted_key_in_either_form() throws Exception {
        String sentence = keyFile + ": the private key is encrypted, and a server that starts by itself cannot ask for "
                + "its password; decrypt it with openssl pkey -in " + keyFile + " -out key.pem, and give that file.";
        BouncyCastleProvider provider = new BouncyCastleProvider();
        Files.writeString(
                keyFile,
                TestCertificates.traditional(new JcaPKCS8Generator(
                        pair.getPrivate(),
                        new JceOpenSSLPKCS8EncryptorBuilder(PKCS8Generator.AES_256_CBC)
                                .setProvider(provider)
                                .setPassword("password".toCharArray())
                                .build())));
        refusal().hasMessage(sentence);

        Files.writeString(
                keyFile,
                TestCertificates.traditional(new JcaMiscPEMGenerator(
                        pair,
                        new JcePEMEncryptorBuilder("AES-128-CBC")
                                .setProvider(provider)
                                .build("password".toCharArray()))));
        refusal().hasMessage(sentence);
    }

    @Test
    void refuses_a_key_of_another_certificate() throws IOException {
        Files.write(
                keyFile,
                Pem.encode(CertificateAuthority.newKeyPair(new SecureRandom()).getPrivate()));
        refusal()
                .hasMessage(keyFile + ": it is not the key of the certificate in " + certificateFile
                        + "; give the pair that was made together.");

        Files.write(keyFile, Pem.encode(TestCertificates.keyPair("RSA").getPrivate()));
        refusal().hasMessageStartingWith(keyFile + ": it is not the key of the certificate");
    }

    @Test
    void refuses_a_chain_out_of_order() throws IOException {
        Files.write(certificateFile, Pem.encode(List.of(certificates.authority(), certificate)));
        refusal()
                .hasMessage(certificateFile + ": the certificate that " + keyFile + " belongs to does not stand first; "
                        + "put the server's certificate first and each issuer after what it issued.");

        Files.write(certificateFile, Pem.encode(List.of(certificate, certificate)));
        refusal()
                .hasMessage(certificateFile + ": certificate 2 did not issue the one before it; "
                        + "put the server's certificate first and each issuer after what it issued.");
    }

    @Test
    void refuses_a_certificate_that_is_not_valid_now() {
        assertThatThrownBy(() -> ServerIdentity.load(certificateFile, keyFile, NOW.plus(Duration.ofDays(91))))
                .hasMessage(certificateFile + ": the certificate expired at 2027-02-21T10:00:00Z; renew it.");
        assertThatThrownBy(() -> ServerIdentity.load(certificateFile, keyFile, NOW.minus(Duration.ofDays(1))))
                .hasMessage(certificateFile + ": the certificate is valid from 2026-11-23T09:00:00Z on, and the clock "
                        + "says 2026-11-22T10:00:00Z; set the clock right or wait.");
    }

    @Test
    void refuses_files_that_are_missing_empty_or_damaged() throws IOException {
        Files.writeString(certificateFile, "no PEM here");
        refusal()
                .hasMessage(certificateFile
                        + ": it holds no certificate (BEGIN CERTIFICATE); give PEM files by --tls cert.pem,key.pem.");
        Files.writeString(certificateFile, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        refusal().hasMessageStartingWith(certificateFile + ": it cannot be read (");
        Files.writeString(certificateFile, "-----BEGIN CERTIFICATE-----\n?!\n-----END CERTIFICATE-----\n");
        refusal().hasMessageStartingWith(certificateFile + ": it cannot be read (");
        Files.delete(certificateFile);
        refusal()
                .hasMessage(certificateFile
                        + ": it cannot be read (no such file); give PEM files by --tls cert.pem,key.pem.");
    }

    @Test
    void refuses_a_key_file_without_a_key() throws IOException {
        Files.write(keyFile, Pem.encode(List.of(certificate)));
        refusal()
                .hasMessage(keyFile
                        + ": it holds no private key (BEGIN PRIVATE KEY); give PEM files by --tls cert.pem,key.pem.");
        Files.writeString(keyFile, "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
        refusal().hasMessageStartingWith(keyFile + ": it cannot be read (");
    }
}
