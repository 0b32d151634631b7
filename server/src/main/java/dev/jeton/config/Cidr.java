package dev.jeton.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/** A block of IPv4 or IPv6 addresses, RFC 4632; {@code network} has no bit set beyond the prefix. */
public record Cidr(InetAddress network, int prefixLength) {
    private static final String EXAMPLES = "such as 10.0.0.0/8, 192.0.2.7 or fd00::/8";

    public Cidr {
        int bits = network.getAddress().length * Byte.SIZE;
        if (prefixLength < 0 || prefixLength > bits) {
            throw new IllegalArgumentException(
                    "'/" + prefixLength + "' is not a prefix length from 0 to " + bits + " for this kind of address");
        }
        InetAddress masked = mask(network, prefixLength);
        if (!masked.equals(network)) {
            throw new IllegalArgumentException("'" + network.getHostAddress() + "/" + prefixLength
                    + "' has bits set beyond its prefix; write " + masked.getHostAddress() + "/" + prefixLength + " or "
                    + network.getHostAddress());
        }
    }

    /**
     * Reads {@code address/length}, or a single address.
     *
     * @throws IllegalArgumentException with a sentence that says what is wrong
     */
    public static Cidr parse(String text) {
        int slash = text.indexOf('/');
        Optional<InetAddress> address = Host.address(slash < 0 ? text : text.substring(0, slash));
        String length = slash < 0 ? "" : text.substring(slash + 1);
        boolean number =
                !length.isEmpty() && length.length() <= 3 && length.chars().allMatch(c -> c >= '0' && c <= '9');
        if (address.isEmpty() || (slash >= 0 && !number)) {
            throw new IllegalArgumentException("'" + text + "' is not a block of addresses, " + EXAMPLES);
        }
        int bits = address.get().getAddress().length * Byte.SIZE;
        return new Cidr(address.get(), slash < 0 ? bits : Integer.parseInt(length));
    }

    /** Whether the address lies in the block; one that maps IPv4 into IPv6 counts as IPv4. */
    public boolean contains(InetAddress address) {
        return address.getAddress().length == network.getAddress().length
                && mask(address, prefixLength).equals(network);
    }

    private static InetAddress mask(InetAddress address, int prefixLength) {
        byte[] bytes = address.getAddress();
        for (int i = 0; i < bytes.length; i++) {
            int kept = Math.clamp(prefixLength - (long) i * Byte.SIZE, 0, Byte.SIZE);
            bytes[i] &= (byte) (0xff00 >> kept);
        }
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("the length of an address does not change", e);
        }
    }

    @Override
    public String toString() {
        return network.getHostAddress() + "/" + prefixLength;
    }
}
