package dev.jeton.audit;

import dev.jeton.audit.AuditEvent.TokenRefused;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Counts the refusals of strangers that are too many to be written one by one, so that a stranger cannot fill the disk:
 * within a minute the first few per address and error are written, the rest becomes one row with a count when the
 * minute ends. What is kept in memory is bounded: addresses beyond the bound are counted together.
 */
final class RefusalFolding {
    /** Stands in the place of the address for all that were counted together. */
    static final String OTHER_ADDRESSES = "other addresses";

    private static final long MINUTE_MS = 60_000;

    private final int threshold;
    private final int maxAddresses;
    private final Map<Kind, Tally> tallies = new HashMap<>();
    private Tally others = new Tally();
    private List<TokenRow> finished = new ArrayList<>();
    private long minute;

    private record Kind(String ip, String error) {}

    private static final class Tally {
        private int written;
        private long folded;
        private @Nullable TokenRefused last;

        private void fold(TokenRefused refusal) {
            folded++;
            last = refusal;
        }
    }

    RefusalFolding(int threshold, int maxAddresses) {
        this.threshold = threshold;
        this.maxAddresses = maxAddresses;
    }

    /** Whether that refusal is counted here, and so must not be written by itself. */
    synchronized boolean folds(TokenRefused refusal) {
        if (!refusal.isAnonymous()) {
            return false;
        }
        turnTo(refusal.at());
        Kind kind = new Kind(refusal.source().ip(), refusal.error());
        Tally tally = tallies.get(kind);
        if (tally == null) {
            if (tallies.size() >= maxAddresses) {
                others.fold(refusal);
                return true;
            }
            tally = new Tally();
            tallies.put(kind, tally);
        }
        if (tally.written < threshold) {
            tally.written++;
            return false;
        }
        tally.fold(refusal);
        return true;
    }

    /** The rows of the minutes that have ended by then; the caller stores them, or gives them back. */
    synchronized List<TokenRow> takeFinished(Instant now) {
        turnTo(now);
        return take();
    }

    /** The rows of all minutes, ended or not. */
    synchronized List<TokenRow> takeAll() {
        finishMinute();
        return take();
    }

    /** Takes back rows that could not be stored; beyond the bound they are counted together. */
    synchronized void putBack(List<TokenRow> rows) {
        List<TokenRow> all = new ArrayList<>(rows);
        all.addAll(finished);
        finished = all;
        boundFinished();
    }

    private void boundFinished() {
        while (finished.size() > maxAddresses) {
            TokenRow surplus = finished.removeLast();
            finished.set(finished.size() - 1, finished.getLast().plus(surplus, OTHER_ADDRESSES));
        }
    }

    private List<TokenRow> take() {
        if (finished.isEmpty()) {
            return List.of();
        }
        List<TokenRow> taken = finished;
        finished = new ArrayList<>();
        return taken;
    }

    private void turnTo(Instant now) {
        long nowMinute = Math.floorDiv(now.toEpochMilli(), MINUTE_MS);
        // A straggler of the minute before counts in this one; a clock set back by more begins anew.
        if (nowMinute > minute || nowMinute < minute - 1) {
            finishMinute();
            minute = nowMinute;
        }
    }

    private void finishMinute() {
        tallies.forEach((kind, tally) -> finish(tally, kind.ip()));
        finish(others, OTHER_ADDRESSES);
        tallies.clear();
        others = new Tally();
        boundFinished();
    }

    private void finish(Tally tally, String ip) {
        if (tally.last != null) {
            finished.add(TokenRow.folded(tally.last, ip, tally.folded));
        }
    }
}
