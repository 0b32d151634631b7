package dev.jeton.action;

import java.time.Instant;

/**
 * A revision that was deployed, once more for each time that it was.
 *
 * @param number counts the versions of one Action from 1
 * @param deployed whether it is the one at work: the newest, where the Action is bound
 */
record Version(String id, int number, Revision revision, boolean deployed, Instant createdAt) {
    /** How many an Action has at most; the oldest make room. */
    static final int MOST = 50;
}
