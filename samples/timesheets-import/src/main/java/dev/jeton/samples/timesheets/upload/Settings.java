package dev.jeton.samples.timesheets.upload;

import dev.jeton.tokenclient.ClientSecret;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where the job gets its tokens, as whom, and where it sends entries. Read from the environment.
 *
 * @param api base URL of the Timesheets API, without a slash at its end
 */
record Settings(URI issuer, String clientId, ClientSecret secret, String audience, URI api) {
    private static final String ISSUER = "JETON_ISSUER";
    private static final String CLIENT_ID = "JETON_CLIENT_ID";
    private static final String SECRET = "JETON_CLIENT_SECRET";
    private static final String SECRET_FILE = "JETON_CLIENT_SECRET_FILE";
    private static final String AUDIENCE = "TIMESHEETS_AUDIENCE";
    private static final String API = "TIMESHEETS_URL";

    private static final int MAX_SECRET_BYTES = 4096;
    private static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[::1]");

    /** The variables that have no default, each with what to put there. */
    private static final String MISSING_ISSUER = ISSUER + ": the URL of the Jeton server, as https://auth.example.com/";

    private static final String MISSING_CLIENT_ID =
            CLIENT_ID + ": the client id of this job; jeton apps list shows it," + " jeton apps create makes a new one";
    private static final String MISSING_SECRET =
            SECRET_FILE + ": a file with the secret of that client; or " + SECRET + ", the secret itself";

    /** @throws UsageException if a setting is missing (all that are missing are named), or is of no use */
    static Settings of(Map<String, String> environment) {
        Optional<String> issuer = given(environment, ISSUER);
        Optional<String> clientId = given(environment, CLIENT_ID);
        Optional<String> secret = given(environment, SECRET);
        Optional<String> secretFile = given(environment, SECRET_FILE);
        List<String> missing = new ArrayList<>();
        if (issuer.isEmpty()) {
            missing.add(MISSING_ISSUER);
        }
        if (clientId.isEmpty()) {
            missing.add(MISSING_CLIENT_ID);
        }
        if (secret.isEmpty() && secretFile.isEmpty()) {
            missing.add(MISSING_SECRET);
        }
        if (!missing.isEmpty()) {
            throw new UsageException("set in the environment:\n  " + String.join("\n  ", missing));
        }
        if (secret.isPresent() && secretFile.isPresent()) {
            throw new UsageException("set " + SECRET + " or " + SECRET_FILE + ", not both");
        }
        return new Settings(
                url(ISSUER, issuer.orElseThrow()),
                clientId.orElseThrow(),
                secretFile.map(Settings::readSecret).orElseGet(() -> secret(SECRET, secret.orElseThrow())),
                given(environment, AUDIENCE).orElse("https://timesheets.example.com"),
                api(given(environment, API).orElse("http://127.0.0.1:8081")));
    }

    private static Optional<String> given(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
    }

    private static URI url(String name, String value) {
        try {
            URI url = new URI(value);
            if (url.getHost() != null
                    && url.getRawUserInfo() == null
                    && url.getRawQuery() == null
                    && url.getRawFragment() == null) {
                return url;
            }
        } catch (URISyntaxException notQuoted) {
            // it may hold a password
        }
        throw new UsageException(name + " is not a URL as https://host[:port]/");
    }

    private static URI api(String value) {
        URI url = url(API, value.endsWith("/") ? value.substring(0, value.length() - 1) : value);
        String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
        boolean toThisMachine =
                LOOPBACK.matcher(url.getHost().toLowerCase(Locale.ROOT)).matches();
        if (!scheme.equals("https") && !(scheme.equals("http") && toThisMachine)) {
            throw new UsageException(
                    API + " is an https URL, or http on this machine: anybody on the way could read and"
                            + " use the token");
        }
        return url;
    }

    private static ClientSecret readSecret(String file) {
        try (InputStream in = Files.newInputStream(Path.of(file))) {
            byte[] bytes = in.readNBytes(MAX_SECRET_BYTES + 1);
            if (bytes.length > MAX_SECRET_BYTES) {
                throw new UsageException(SECRET_FILE + ": " + file + " is too long for a secret");
            }
            return secret(SECRET_FILE, new String(bytes, StandardCharsets.UTF_8).stripTrailing());
        } catch (IOException e) {
            throw new UsageException(
                    SECRET_FILE + ": cannot read " + file + " (" + e.getClass().getSimpleName() + ")");
        }
    }

    private static ClientSecret secret(String name, String value) {
        try {
            return ClientSecret.of(value);
        } catch (IllegalArgumentException useless) {
            throw new UsageException(name + ": " + useless.getMessage());
        }
    }
}
