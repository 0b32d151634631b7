package dev.jeton.e2e;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** An entry that is right in every way until a case changes it; values are JSON. */
final class TimesheetEntry {
    private final Map<String, String> members = new LinkedHashMap<>();

    TimesheetEntry() {
        with("date", "'2026-11-20T09:00:00Z'").with("project", "'Lighthouse'").with("hours", "7.5");
    }

    TimesheetEntry with(String member, String json) {
        members.put(member, json.replace('\'', '"'));
        return this;
    }

    TimesheetEntry without(String member) {
        members.remove(member);
        return this;
    }

    String json() {
        return members.entrySet().stream()
                .map(member -> "\"" + member.getKey() + "\":" + member.getValue())
                .collect(Collectors.joining(",", "{", "}"));
    }
}
