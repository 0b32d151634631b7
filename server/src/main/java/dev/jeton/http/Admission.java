package dev.jeton.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Lets connections in, from the moment they are accepted: before a handshake and a first request the engine tells nobody
 * of them. Bounds how many there are, how long one may ask nothing, and how much memory unfinished requests take.
 */
@Sharable
final class Admission extends ChannelInboundHandlerAdapter {
    private final int most;
    private final long mostHeld;
    private final Duration silence;
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicLong held = new AtomicLong();
    /** Those that have asked nothing yet, in the order in which they came. Guarded by itself. */
    private final SequencedSet<Peer> silent = new LinkedHashSet<>();

    /**
     * @param most connections; who comes then takes the place of the one that has been silent longest, or none
     * @param mostHeld bytes that requests may take which are not answered; small ones are taken in beyond that
     * @param silence how long a connection may ask nothing at its beginning
     */
    Admission(int most, long mostHeld, Duration silence) {
        this.most = most;
        this.mostHeld = mostHeld;
        this.silence = silence;
    }

    /** Of a channel that listens: {@code accepted} is a connection, not yet given to an event loop. */
    @Override
    public void channelRead(ChannelHandlerContext context, Object accepted) {
        Channel connection = (Channel) accepted;
        if (open.get() >= most && !cutOffTheLongestSilent()) {
            connection.unsafe().closeForcibly();
            return;
        }
        Peer.accept(this, connection);
        context.fireChannelRead(accepted);
    }

    /** Counted at once, and not when its event loop gets to it, which may be after many more. */
    void accepted() {
        open.incrementAndGet();
    }

    /** Its event loop knows it now. */
    void entered(Peer peer) {
        synchronized (silent) {
            silent.add(peer);
        }
    }

    void asked(Peer peer) {
        synchronized (silent) {
            silent.remove(peer);
        }
    }

    void left(Peer peer) {
        open.decrementAndGet();
        asked(peer);
    }

    /** Whether there is hardly room for more connections. */
    boolean isCrowded() {
        return open.get() > most - most / 10;
    }

    void hold(long bytes) {
        held.addAndGet(bytes);
    }

    void release(long bytes) {
        held.addAndGet(-bytes);
    }

    /** Whether requests that are not answered take as much memory as they may. */
    boolean isFull() {
        return held.get() > mostHeld;
    }

    void cutOffTheSilent(long nowNanos) {
        List<Peer> late = new ArrayList<>();
        synchronized (silent) {
            for (Peer peer : silent) {
                if (nowNanos - peer.acceptedNanos() < silence.toNanos()) {
                    break;
                }
                late.add(peer);
            }
        }
        late.forEach(Peer::cutOffIfSilent);
    }

    private boolean cutOffTheLongestSilent() {
        Peer longest;
        synchronized (silent) {
            if (silent.isEmpty()) {
                return false;
            }
            longest = silent.removeFirst();
        }
        longest.cutOffIfSilent();
        return true;
    }
}
