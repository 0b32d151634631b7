package dev.jeton.administrator;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Slows down whoever guesses passwords. An address that has failed too often waits for the next window, before its password
 * is looked at, since a password can be guessed. Nobody is locked out by others: from an address that has not failed, the
 * first attempt is always looked at.
 */
final class FailedSignIns {
    static final Duration WINDOW = Duration.ofMinutes(5);
    static final int MOST_BY_ADDRESS = 10;
    static final int MOST_BY_NAME_AND_ADDRESS = 5;
    /** When a name has failed so often from anywhere, an address has one attempt for it. */
    static final int MOST_BY_NAME = 50;
    /** So often somebody who is signed in may be wrong about the present password. */
    static final int MOST_BY_ADMINISTRATOR = 5;

    /** So many failures are recorded in a window; of more, the next record has the number. */
    static final int MOST_RECORDED = 200;
    /** So many networks from which somebody signed in are remembered. */
    static final int MOST_KNOWN = 1_000;
    /** So many addresses and names are counted one by one in a window; further ones are not slowed down. */
    private static final int MOST_COUNTED = 100_000;

    private final InstantSource clock;
    private final Map<String, Integer> attempts = new HashMap<>();
    /** From where somebody signed in, the latest last. */
    private final LinkedHashSet<String> known = new LinkedHashSet<>();

    private long window = -1;
    private int recorded;
    private int notRecorded;

    FailedSignIns(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * Counts an attempt as failed until {@link #withdraw} says otherwise, so that many at once are no way around; or, if there
     * were too many, how long to wait.
     */
    synchronized Optional<Duration> begin(String address, String name) {
        Duration left = left();
        String subscriber = subscriber(address);
        boolean isAttacked = count(byName(name)) >= MOST_BY_NAME;
        if (count(byAddress(subscriber)) >= MOST_BY_ADDRESS
                || count(byBoth(subscriber, name)) >= (isAttacked ? 1 : MOST_BY_NAME_AND_ADDRESS)) {
            return Optional.of(left);
        }
        add(byAddress(subscriber));
        add(byBoth(subscriber, name));
        add(byName(name));
        add(byNetwork(network(address)));
        return Optional.empty();
    }

    /** The same for somebody who is signed in: neither an address nor strangers are counted against them. */
    synchronized Optional<Duration> beginChange(String administratorId) {
        Duration left = left();
        if (count(byAdministrator(administratorId)) >= MOST_BY_ADMINISTRATOR) {
            return Optional.of(left);
        }
        add(byAdministrator(administratorId));
        return Optional.empty();
    }

    synchronized void withdrawChange(String administratorId) {
        subtract(byAdministrator(administratorId));
    }

    /** Of the window, which begins if it is a new one. */
    private Duration left() {
        Instant now = clock.instant();
        long number = Math.floorDiv(now.toEpochMilli(), WINDOW.toMillis());
        if (window != number) {
            window = number;
            attempts.clear();
            recorded = 0;
        }
        return Duration.ofMillis((number + 1) * WINDOW.toMillis() - now.toEpochMilli());
    }

    /** It did not fail. */
    synchronized void withdraw(String address, String name) {
        String subscriber = subscriber(address);
        subtract(byAddress(subscriber));
        subtract(byBoth(subscriber, name));
        subtract(byName(name));
        subtract(byNetwork(network(address)));
    }

    /** The password was right, so that its network comes before those from which it never was. */
    synchronized void signedIn(String address) {
        known.addLast(network(address));
        if (known.size() > MOST_KNOWN) {
            known.removeFirst();
        }
    }

    /** Among those who wait for a hash, whoever has begun an attempt from there. */
    synchronized PasswordWork.Asker asker(String address) {
        String network = network(address);
        int failures = count(byNetwork(network));
        return new PasswordWork.Asker(
                network, known.contains(network) ? failures - 1 : failures, count(byAddress(subscriber(address))));
    }

    /** How many failures before this one were not recorded; empty if this one is not either. */
    synchronized OptionalInt record() {
        if (recorded >= MOST_RECORDED) {
            notRecorded++;
            return OptionalInt.empty();
        }
        recorded++;
        int before = notRecorded;
        notRecorded = 0;
        return OptionalInt.of(before);
    }

    private int count(String key) {
        return attempts.getOrDefault(key, 0);
    }

    private void add(String key) {
        if (attempts.size() < MOST_COUNTED || attempts.containsKey(key)) {
            attempts.merge(key, 1, Integer::sum);
        }
    }

    /** The window may have ended meanwhile. */
    private void subtract(String key) {
        attempts.computeIfPresent(key, (_, count) -> count == 1 ? null : count - 1);
    }

    private static String byAddress(String subscriber) {
        return "a " + subscriber;
    }

    private static String byBoth(String subscriber, String name) {
        return "b " + subscriber + " " + name;
    }

    private static String byName(String name) {
        return "n " + name;
    }

    private static String byAdministrator(String id) {
        return "o " + id;
    }

    private static String byNetwork(String network) {
        return "w " + network;
    }

    /** Of IPv6 the first half, which is one subscriber's; of IPv4 all of it. */
    private static String subscriber(String address) {
        return prefix(address, 4, 8);
    }

    /** What may well be in one hand: 256 addresses of IPv4, or 65,536 subscribers of IPv6. */
    private static String network(String address) {
        return prefix(address, 3, 6);
    }

    private static String prefix(String address, int bytesOfIpv4, int bytesOfIpv6) {
        try {
            byte[] whole = InetAddress.ofLiteral(address).getAddress();
            return HexFormat.of().formatHex(whole, 0, whole.length == 4 ? bytesOfIpv4 : bytesOfIpv6);
        } catch (IllegalArgumentException _) {
            return address; // what a trusted proxy says
        }
    }
}
