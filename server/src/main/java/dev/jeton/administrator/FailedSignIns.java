package dev.jeton.administrator;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
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
    /** So many addresses and names are counted one by one in a window; further ones are not slowed down. */
    private static final int MOST_COUNTED = 100_000;

    private static final int BYTES_OF_NETWORK = 8;

    private final InstantSource clock;
    private final Map<String, Integer> attempts = new HashMap<>();
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
        String network = network(address);
        boolean isAttacked = count(byName(name)) >= MOST_BY_NAME;
        if (count(byAddress(network)) >= MOST_BY_ADDRESS
                || count(byBoth(network, name)) >= (isAttacked ? 1 : MOST_BY_NAME_AND_ADDRESS)) {
            return Optional.of(left);
        }
        add(byAddress(network));
        add(byBoth(network, name));
        add(byName(name));
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
        String network = network(address);
        subtract(byAddress(network));
        subtract(byBoth(network, name));
        subtract(byName(name));
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

    private static String byAddress(String network) {
        return "a " + network;
    }

    private static String byBoth(String network, String name) {
        return "b " + network + " " + name;
    }

    private static String byName(String name) {
        return "n " + name;
    }

    private static String byAdministrator(String id) {
        return "o " + id;
    }

    /** Of IPv6 the first half, which is one subscriber's; an IPv4 address as it is. */
    private static String network(String address) {
        try {
            InetAddress parsed = InetAddress.ofLiteral(address);
            return parsed instanceof Inet6Address
                    ? HexFormat.of().formatHex(Arrays.copyOf(parsed.getAddress(), BYTES_OF_NETWORK))
                    : address;
        } catch (IllegalArgumentException _) {
            return address; // what a trusted proxy says
        }
    }
}
