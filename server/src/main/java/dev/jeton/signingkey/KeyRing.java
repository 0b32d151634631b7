package dev.jeton.signingkey;

import com.nimbusds.jose.Algorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64;
import com.nimbusds.jose.util.Base64URL;
import dev.jeton.resourceserver.SigningAlgorithm;
import dev.jeton.signingkey.SigningKey.State;
import dev.jeton.storage.ChangeFeed;
import dev.jeton.verifier.KeySet;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The keys in memory: who signs for an algorithm now, and what is published. */
public final class KeyRing implements ChangeFeed.View {
    private static final String NO_KEYS = "{\"keys\":[]}";
    private static final Comparator<SigningKey> CURRENT_FIRST = Comparator.comparing((SigningKey key) -> key.type())
            .thenComparing(key -> switch (key.state()) {
                case CURRENT -> 0;
                case NEXT -> 1;
                case PREVIOUS -> 2;
                case REVOKED -> 3;
            });

    private record Snapshot(
            List<SigningKey> published, Map<SigningAlgorithm, Signer> signers, String jwks, KeySet keySet) {}

    private final SigningKeyStore store;
    private volatile Snapshot snapshot = new Snapshot(List.of(), Map.of(), NO_KEYS, KeySet.parse(NO_KEYS));

    public KeyRing(SigningKeyStore store) {
        this.store = store;
    }

    /** Has the feed keep this view current. */
    public void follow(ChangeFeed feed) {
        feed.add(SigningKeyStore.ENTITY, this);
    }

    /** Who signs tokens of that algorithm; empty if there is no such key, as for HS256. */
    public Optional<Signer> signer(SigningAlgorithm algorithm) {
        return Optional.ofNullable(snapshot.signers().get(algorithm));
    }

    /** The key set as it is published, RFC 7517 §5: current, next and previous keys, the current one of a kind first. */
    public String jwks() {
        return snapshot.jwks();
    }

    /** The same key set as our own verifier reads it. */
    public KeySet keySet() {
        return snapshot.keySet();
    }

    /** The algorithms that this server signs with now, RSA's three first. */
    public List<SigningAlgorithm> algorithms() {
        return Arrays.stream(SigningAlgorithm.values())
                .filter(snapshot.signers()::containsKey)
                .toList();
    }

    /** The RSA key that signs, for the certificate endpoints. */
    SigningKey currentRsa() {
        return snapshot.published().stream()
                .filter(key -> key.type() == KeyType.RSA && key.state() == State.CURRENT)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("there is no current RSA key"));
    }

    @Override
    public void loadAll() {
        List<SigningKey> published = store.findAll().stream()
                .filter(key -> key.state() != State.REVOKED)
                .sorted(CURRENT_FIRST)
                .toList();
        Map<SigningAlgorithm, Signer> signers = new EnumMap<>(SigningAlgorithm.class);
        for (SigningKey key : published) {
            if (key.state() == State.CURRENT) {
                algorithms(key.type())
                        .forEach(algorithm ->
                                signers.put(algorithm, new Signer(key.kid(), algorithm, key.privateKey())));
            }
        }
        String jwks = new JWKSet(published.stream().map(KeyRing::jwk).toList()).toString(true);
        snapshot = new Snapshot(published, Map.copyOf(signers), jwks, KeySet.parse(jwks));
    }

    /** There are a handful of keys, and they change seldom. */
    @Override
    public void reload(Set<String> ids) {
        loadAll();
    }

    private static Stream<SigningAlgorithm> algorithms(KeyType type) {
        return Arrays.stream(SigningAlgorithm.values())
                .filter(algorithm -> KeyType.of(algorithm).filter(type::equals).isPresent());
    }

    @SuppressWarnings("deprecation") // x5t is SHA-1 by definition; nobody relies on it for security
    private static JWK jwk(SigningKey key) {
        Base64 certificate = Base64.encode(SigningKeyStore.encoded(key.certificate()));
        Algorithm algorithm = Algorithm.parse(key.type().algorithm());
        return switch (key.type()) {
            case RSA ->
                new RSAKey.Builder((RSAPublicKey) key.certificate().getPublicKey())
                        .keyUse(KeyUse.SIGNATURE)
                        .keyID(key.kid())
                        .algorithm(algorithm)
                        .x509CertThumbprint(sha1Thumbprint(key))
                        .x509CertChain(List.of(certificate))
                        .build();
            case EC_P256 ->
                new ECKey.Builder(Curve.P_256, (ECPublicKey) key.certificate().getPublicKey())
                        .keyUse(KeyUse.SIGNATURE)
                        .keyID(key.kid())
                        .algorithm(algorithm)
                        .x509CertThumbprint(sha1Thumbprint(key))
                        .x509CertChain(List.of(certificate))
                        .build();
            case ED25519 ->
                new OctetKeyPair.Builder(Curve.Ed25519, ed25519Point((EdECPublicKey)
                                key.certificate().getPublicKey()))
                        .keyUse(KeyUse.SIGNATURE)
                        .keyID(key.kid())
                        .algorithm(algorithm)
                        .x509CertThumbprint(sha1Thumbprint(key))
                        .x509CertChain(List.of(certificate))
                        .build();
        };
    }

    /** RFC 8032 §5.1.2: 32 octets, least significant first; the highest bit is the sign of x. */
    private static Base64URL ed25519Point(EdECPublicKey key) {
        byte[] bigEndian = key.getPoint().getY().toByteArray();
        byte[] point = new byte[32];
        for (int i = 0; i < Math.min(point.length, bigEndian.length); i++) {
            point[i] = bigEndian[bigEndian.length - 1 - i];
        }
        if (key.getPoint().isXOdd()) {
            point[31] |= (byte) 0x80;
        }
        return Base64URL.encode(point);
    }

    /** {@code x5t}, RFC 7517 §4.8: of the raw octets. */
    private static Base64URL sha1Thumbprint(SigningKey key) {
        return Base64URL.encode(sha1(key));
    }

    static byte[] sha1(SigningKey key) {
        try {
            return MessageDigest.getInstance("SHA-1").digest(SigningKeyStore.encoded(key.certificate()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no SHA-1", e);
        }
    }
}
