package dev.jeton.http;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Warns of a proxy in front that this server was not told of: all its clients are one address then, and what one of them does
 * wrong slows down all. Once for an address, and for the first few alone, as strangers can send the header, too.
 */
final class UnnamedProxies {
    /** Requests at the same moment may get one or two more past it. */
    static final int MOST = 5;

    private static final Logger LOG = LoggerFactory.getLogger(UnnamedProxies.class);

    private final Set<String> warnedOf = ConcurrentHashMap.newKeySet();

    void seen(String peer) {
        if (!warnedOf.contains(peer) && warnedOf.size() < MOST && warnedOf.add(peer)) {
            LOG.warn(
                    "a request from {} has X-Forwarded-For or Forwarded, and is not believed: if that is a proxy in front of"
                            + " this server, start with --behind-proxy {}, or all its clients are throttled as one address",
                    peer,
                    peer);
        }
    }
}
