package dev.jeton.config;

import java.net.InetAddress;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** A host to listen on: a name, or an IPv4 or IPv6 address without brackets. */
public record Host(String value) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?");
    private static final Pattern NUMERIC = Pattern.compile("[0-9.]+");

    public Host {
        if (address(value).isEmpty()
                && (!NAME.matcher(value).matches() || NUMERIC.matcher(value).matches())) {
            throw new IllegalArgumentException("a host is a name or an address");
        }
    }

    /** Reads a host; an IPv6 address may stand in brackets. */
    static Host parse(String text) {
        boolean bracketed = text.startsWith("[") && text.endsWith("]");
        return new Host(bracketed ? text.substring(1, text.length() - 1) : text);
    }

    /** The address, if the host is written as one; never asks a name server. */
    public Optional<InetAddress> address() {
        return address(value);
    }

    /** The address that the text writes, IPv6 without brackets; empty for a name or anything else. */
    public static Optional<InetAddress> address(String text) {
        // Short forms such as 10.1 are valid to the JDK and surprising to everybody else.
        boolean ipv4 = text.chars().filter(c -> c == '.').count() == 3
                && NUMERIC.matcher(text).matches();
        boolean ipv6 = text.contains(":") && !text.contains("%") && !text.contains("[");
        try {
            return ipv4 || ipv6 ? Optional.of(InetAddress.ofLiteral(text)) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Whether only this machine reaches it; a name other than {@code localhost} is not believed to. */
    public boolean isLoopback() {
        return address()
                .map(InetAddress::isLoopbackAddress)
                .orElse(value.toLowerCase(Locale.ROOT).equals("localhost"));
    }

    /** Whether it stands for all addresses of the machine, {@code 0.0.0.0} or {@code ::}. */
    public boolean isWildcard() {
        return address().map(InetAddress::isAnyLocalAddress).orElse(false);
    }

    /** As it stands in a URL: IPv6 in brackets. */
    public String inUrl() {
        return value.contains(":") ? "[" + value + "]" : value;
    }

    @Override
    public String toString() {
        return value;
    }
}
