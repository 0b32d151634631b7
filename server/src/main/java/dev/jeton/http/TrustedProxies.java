package dev.jeton.http;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Says which address asked, when proxies that we trust stand in between. */
public final class TrustedProxies {
    private static final int MAX_ADDRESS = 45;

    private final Predicate<InetAddress> trusted;
    private final UnnamedProxies unnamed = new UnnamedProxies();

    public TrustedProxies(Predicate<InetAddress> trusted) {
        this.trusted = trusted;
    }

    /** Nobody is believed: the peer asked. */
    public static TrustedProxies none() {
        return new TrustedProxies(_ -> false);
    }

    /**
     * Walks {@code X-Forwarded-For} from its end, for as long as what stands there is a proxy of ours: the first other
     * address asked. Whatever a client wrote further left is not believed.
     *
     * @param forwarded the lines of {@code Forwarded}, RFC 7239, which is not read: but who sends it may be a proxy, too
     */
    String clientAddress(String peer, List<String> forwardedFor, List<String> forwarded) {
        if (!(forwardedFor.isEmpty() && forwarded.isEmpty()) && !isTrusted(peer)) {
            unnamed.seen(peer);
        }
        String address = peer;
        for (int line = forwardedFor.size() - 1; line >= 0 && isTrusted(address); line--) {
            String[] hops = forwardedFor.get(line).split(",", -1);
            for (int hop = hops.length - 1; hop >= 0 && isTrusted(address); hop--) {
                String next = hops[hop].strip();
                if (!isAddress(next)) {
                    return address;
                }
                address = next;
            }
        }
        return address;
    }

    private boolean isTrusted(String address) {
        return literal(address).filter(trusted).isPresent();
    }

    /** Whether that is an address in full. The short forms of the JDK, such as 10.1, surprise everybody else. */
    private static boolean isAddress(String text) {
        return text.length() <= MAX_ADDRESS
                && text.chars().allMatch(c -> (c < 0x80 && Character.digit(c, 16) >= 0) || c == '.' || c == ':')
                && (text.indexOf(':') >= 0 || text.chars().filter(c -> c == '.').count() == 3)
                && literal(text).isPresent();
    }

    /** Asks no name server, whatever the text is. */
    private static Optional<InetAddress> literal(String text) {
        try {
            return Optional.of(InetAddress.ofLiteral(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
