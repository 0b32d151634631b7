package dev.jeton.administrator;

import dev.jeton.http.ApiError;
import dev.jeton.http.Response;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * The one thread on which passwords are hashed: however many strangers try, it takes the memory of one hash, and one core, and
 * no worker waits for it. Whoever comes from where fewer attempts have failed goes first, and so waits for one hash of each
 * other network without a failure, {@link #MOST_WAITING} at most.
 */
public final class PasswordWork implements AutoCloseable {
    static final int MOST_WAITING = 128;
    static final int MOST_WAITING_OF_NETWORK = 4;

    /**
     * Who waits for a hash.
     *
     * @param network of which so many may wait; or an administrator, or a link
     * @param failuresOfNetwork of now, with the attempts that wait; one less if somebody signed in from there before
     * @param failuresOfAddress the same for the address alone
     */
    record Asker(String network, int failuresOfNetwork, int failuresOfAddress) {
        /** Who has a session, or a link that is good: as the first attempt from somewhere, wherever that is. */
        static Asker quiet(String id) {
            return new Asker(id, 1, 1);
        }
    }

    /** @param number in the order of arrival */
    private record Place(Asker asker, long number, Supplier<Response> work, CompletableFuture<Response> answer) {}

    private static final Comparator<Place> WITHIN_NETWORK = Comparator.<Place>comparingInt(
                    place -> place.asker().failuresOfAddress())
            .thenComparingLong(Place::number);
    private static final Comparator<Place> AMONG_ALL = Comparator.<Place>comparingInt(
                    place -> place.asker().failuresOfNetwork())
            .thenComparing(WITHIN_NETWORK);

    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("jeton-passwords").daemon().factory());
    private final List<Place> waiting = new ArrayList<>();
    private long arrived;

    /** Answers when it has been done, or by a 503 if there are too many who go first. */
    CompletionStage<Response> answer(Asker asker, Supplier<Response> work) {
        CompletableFuture<Response> answer = new CompletableFuture<>();
        enter(asker, work, answer)
                .ifPresent(place -> place.answer()
                        .completeExceptionally(new ApiError(
                                        503,
                                        "Too many others are signing in; try again in a moment",
                                        "temporarily_unavailable")
                                .exception()));
        return answer;
    }

    /** Gives it a place, and takes one from whoever is last if there are too many: that may be the same. */
    private synchronized Optional<Place> enter(
            Asker asker, Supplier<Response> work, CompletableFuture<Response> answer) {
        arrived++;
        waiting.add(new Place(asker, arrived, work, answer));
        List<Place> ofNetwork = waiting.stream()
                .filter(place -> place.asker().network().equals(asker.network()))
                .toList();
        Optional<Place> leaving = Optional.empty();
        if (ofNetwork.size() > MOST_WAITING_OF_NETWORK) {
            leaving = ofNetwork.stream().max(WITHIN_NETWORK);
        } else if (waiting.size() > MOST_WAITING) {
            leaving = waiting.stream().max(AMONG_ALL);
        }
        leaving.ifPresentOrElse(waiting::remove, () -> thread.execute(this::workForOne));
        return leaving;
    }

    private void workForOne() {
        Place place = first();
        place.answer().completeAsync(place.work(), Runnable::run);
    }

    private synchronized Place first() {
        Place first = Collections.min(waiting, AMONG_ALL);
        waiting.remove(first);
        return first;
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
