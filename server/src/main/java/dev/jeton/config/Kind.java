package dev.jeton.config;

import dev.jeton.oauth.Audience;
import dev.jeton.oauth.ClientId;
import dev.jeton.oauth.Issuer;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How the text of a setting becomes a value.
 *
 * @param placeholder one word for the help
 * @param expected a noun with an article and an example, to follow "is not"
 * @param list whether the file may give a list; elsewhere its items are separated by commas
 */
record Kind<T>(String placeholder, String expected, boolean list, Function<String, T> parser) {
    static final int MASTER_KEY_BYTES = 32;

    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");
    private static final Pattern BYTES = Pattern.compile("(\\d{1,15})(|B|KiB|MiB|GiB)");
    private static final Pattern WHOLE = Pattern.compile("\\d{1,9}");

    static final Kind<String> TEXT = new Kind<>("text", "a text of at least one character", false, text -> {
        if (text.isBlank()) {
            throw new IllegalArgumentException("it is empty");
        }
        return text;
    });

    static final Kind<Boolean> BOOLEAN = new Kind<>("true|false", "true or false", false, text -> switch (text) {
        case "true" -> true;
        case "false" -> false;
        default -> throw new Mismatch();
    });

    static final Kind<Integer> PORT = whole("port", 0, 65535, "8080");

    static final Kind<Host> HOST = new Kind<>(
            "host",
            "a host name or address alone, such as 127.0.0.1, ::1 or jeton.example.com",
            false,
            mismatchInstead(Host::parse));

    static final Kind<Path> PATH = new Kind<>("path", "a path, such as /var/lib/jeton", false, text -> {
        try {
            return Path.of(TEXT.parse(text));
        } catch (InvalidPathException e) {
            throw new Mismatch(e);
        }
    });

    static final Kind<List<Cidr>> CIDRS = new Kind<>(
            "cidr,...",
            "a list of address blocks, such as 10.0.0.0/8, fd00::/8",
            true,
            text -> items(text).stream().map(Cidr::parse).toList());

    static final Kind<Issuer> ISSUER =
            new Kind<>("url", "a base URL, such as https://login.example.com", false, Issuer::of);

    static final Kind<Audience> AUDIENCE = new Kind<>(
            "identifier",
            "the identifier of an API, such as https://api.example.com",
            false,
            mismatchInstead(Audience::new));

    static final Kind<ClientId> CLIENT_ID = new Kind<>(
            "id", "a client id of 1 to " + ClientId.MAX_LENGTH + " characters", false, mismatchInstead(ClientId::new));

    static final Kind<List<String>> ORIGINS = new Kind<>(
            "origin,...",
            "a list of web origins, such as https://app.example.com",
            true,
            text -> items(text).stream().map(Kind::origin).toList());

    static final Kind<Config.Tls> TLS = new Kind<>(
            "none|self-signed|cert.pem,key.pem",
            "'none', 'self-signed', or a certificate and a key file, such as cert.pem,key.pem",
            false,
            Kind::tls);

    /** Its messages never quote the text: somebody may have put a password into it. */
    static final Kind<String> POSTGRESQL_URL =
            new Kind<>("url", "a URL such as jdbc:postgresql://db.example.com:5432/jeton", false, Kind::postgreSqlUrl);

    static final Kind<Secret> PASSWORD = new Kind<>(
            "secret",
            "a text of at least one character",
            false,
            text -> new Secret(TEXT.parse(text).getBytes(StandardCharsets.UTF_8)));

    static final Kind<Secret> MASTER_KEY =
            new Kind<>("base64", MASTER_KEY_BYTES + " bytes in base64", false, Kind::masterKey);

    /** The text does not have the expected form, and there is nothing better to say. */
    private static final class Mismatch extends IllegalArgumentException {
        Mismatch() {}

        Mismatch(Throwable cause) {
            super(cause);
        }
    }

    /** @throws IllegalArgumentException whose message is the rest of a sentence that began with the key */
    T parse(String text) {
        try {
            return parser.apply(text);
        } catch (Mismatch e) {
            throw new IllegalArgumentException("'" + text + "' is not " + expected, e);
        }
    }

    <U> Kind<U> map(Function<T, U> conversion) {
        return new Kind<>(placeholder, expected, list, parser.andThen(conversion));
    }

    static Kind<Integer> whole(String placeholder, int least, int most, String example) {
        return new Kind<>(
                placeholder, "a whole number from " + least + " to " + most + ", such as " + example, false, text -> {
                    int number = WHOLE.matcher(text).matches() ? Integer.parseInt(text) : -1;
                    if (number < least || number > most) {
                        throw new Mismatch();
                    }
                    return number;
                });
    }

    static Kind<Long> bytes(long least, long most, String example) {
        String expected = "a number of bytes from " + least + " to " + most + ", such as " + example;
        return new Kind<>("bytes", expected, false, text -> {
            Matcher matcher = BYTES.matcher(text);
            if (!matcher.matches()) {
                throw new Mismatch();
            }
            int shift = switch (matcher.group(2)) {
                case "KiB" -> 10;
                case "MiB" -> 20;
                case "GiB" -> 30;
                default -> 0;
            };
            long number = Long.parseLong(matcher.group(1));
            if (number > most >> shift || number << shift < least) {
                throw new Mismatch();
            }
            return number << shift;
        });
    }

    static Kind<Duration> duration(String least, String most, String example) {
        Duration shortest = duration(least);
        Duration longest = duration(most);
        String expected =
                "a time with its unit (ms, s, m, h, d) from " + least + " to " + most + ", such as " + example;
        return new Kind<>("time", expected, false, text -> {
            Duration duration = duration(text);
            if (duration.compareTo(shortest) < 0 || duration.compareTo(longest) > 0) {
                throw new Mismatch();
            }
            return duration;
        });
    }

    private static Duration duration(String text) {
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            throw new Mismatch();
        }
        long number = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
        };
    }

    /** The constants of an enum, in lower case. */
    static <E extends Enum<E>> Kind<E> oneOf(Class<E> type) {
        List<E> constants = List.of(type.getEnumConstants());
        String words = constants.stream().map(Kind::word).collect(Collectors.joining("|"));
        return new Kind<>(
                words,
                "one of " + words.replace("|", ", "),
                false,
                text -> constants.stream()
                        .filter(constant -> word(constant).equals(text))
                        .findFirst()
                        .orElseThrow(Mismatch::new));
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private static <T> Function<String, T> mismatchInstead(Function<String, T> parser) {
        return text -> {
            try {
                return parser.apply(text);
            } catch (IllegalArgumentException e) {
                throw new Mismatch(e);
            }
        };
    }

    /** The items of a list, at least one. */
    private static List<String> items(String text) {
        List<String> items = new ArrayList<>();
        for (String item : text.split(",", -1)) {
            if (item.isBlank()) {
                throw new Mismatch();
            }
            items.add(item.strip());
        }
        return items;
    }

    private static String origin(String text) {
        if (!text.equals("*") && !isOrigin(text)) {
            throw new IllegalArgumentException("'" + text
                    + "' is not a web origin such as https://app.example.com: scheme, host and port, no path");
        }
        return text.toLowerCase(Locale.ROOT);
    }

    private static boolean isOrigin(String text) {
        try {
            URI uri = new URI(text);
            boolean web = "https".equals(uri.getScheme()) || "http".equals(uri.getScheme());
            return web && uri.getHost() != null && text.equals(uri.getScheme() + "://" + uri.getRawAuthority());
        } catch (URISyntaxException _) {
            return false;
        }
    }

    private static Config.Tls tls(String text) {
        return switch (text) {
            case "none" -> new Config.Tls.None();
            case "self-signed" -> new Config.Tls.SelfSigned();
            default -> {
                List<String> files = items(text);
                if (files.size() != 2) {
                    throw new Mismatch();
                }
                yield new Config.Tls.Pem(PATH.parse(files.get(0)), PATH.parse(files.get(1)));
            }
        };
    }

    private static String postgreSqlUrl(String text) {
        if (text.startsWith("jdbc:sqlite:")) {
            throw new IllegalArgumentException("SQLite needs no URL: leave db.url out, and its file is made in --data");
        }
        if (!text.startsWith("jdbc:postgresql:")) {
            throw new IllegalArgumentException("it is not a URL such as jdbc:postgresql://db.example.com:5432/jeton");
        }
        int query = text.indexOf('?');
        String address = query < 0 ? text : text.substring(0, query);
        boolean password = query >= 0
                && Arrays.stream(text.substring(query + 1).split("&", -1)).anyMatch(Kind::isPassword);
        if (password || address.contains("@")) {
            throw new IllegalArgumentException("a user or password in a URL ends up in process lists and logs; take it "
                    + "out, and set JETON_DB_USER and JETON_DB_PASSWORD or JETON_DB_PASSWORD_FILE");
        }
        return text;
    }

    private static boolean isPassword(String parameter) {
        int equals = parameter.indexOf('=');
        String name = equals < 0 ? parameter : parameter.substring(0, equals);
        return name.toLowerCase(Locale.ROOT).contains("password"); // sslpassword too
    }

    static Secret masterKey(String text) {
        byte[] key;
        try {
            key = Base64.getDecoder().decode(text.strip());
        } catch (IllegalArgumentException _) {
            key = new byte[0]; // the decoder's message would quote what it read
        }
        if (key.length != MASTER_KEY_BYTES) {
            throw new IllegalArgumentException(
                    "it is not " + MASTER_KEY_BYTES + " bytes in base64; make one with: openssl rand -base64 32");
        }
        return new Secret(key);
    }
}
