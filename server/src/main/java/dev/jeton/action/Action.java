package dev.jeton.action;

import dev.jeton.extension.UnfitException;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A function of a user's that runs at a trigger once it is deployed and bound.
 *
 * @param id a UUID, as those of versions and bindings
 * @param draft what is edited, and becomes a version when it is deployed
 * @param updatedAt when the name or the draft was saved
 */
record Action(
        String id, String name, Revision draft, Optional<Version> deployed, Instant createdAt, Instant updatedAt) {
    /** How many there are at most. */
    static final int MOST = 100;

    static final int MAX_NAME = 255;
    static final Pattern NAME = Pattern.compile("^[^<>\\p{Cc}]+$");

    /** @throws UnfitException if the name does not fit */
    Action {
        if (name.isEmpty()) {
            throw new UnfitException("name", "String is too short (0 chars), minimum 1");
        }
        if (name.length() > MAX_NAME) {
            throw new UnfitException("name", "String is too long (" + name.length() + " chars), maximum " + MAX_NAME);
        }
        if (!NAME.matcher(name).matches()) {
            throw new UnfitException(
                    "name",
                    "String does not match pattern " + NAME.pattern() + ": no angle brackets or control characters");
        }
    }

    /** The same with another draft, saved at that time. */
    Action withDraft(Revision revision, Instant savedAt) {
        return new Action(id, name, revision, deployed, createdAt, savedAt);
    }

    /** Whether the draft is what runs. */
    boolean allChangesDeployed() {
        return deployed.filter(version -> version.revision().id().equals(draft.id()))
                .isPresent();
    }
}
