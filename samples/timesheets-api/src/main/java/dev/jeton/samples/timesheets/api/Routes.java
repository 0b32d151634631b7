package dev.jeton.samples.timesheets.api;

import static org.springframework.http.HttpStatus.CONFLICT;
import static org.springframework.http.HttpStatus.CREATED;
import static org.springframework.http.HttpStatus.FORBIDDEN;
import static org.springframework.http.HttpStatus.NOT_FOUND;
import static org.springframework.http.MediaType.APPLICATION_JSON_VALUE;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RestController;

/** What the API does. Who may is decided before, in {@link Security}. */
@RestController
final class Routes {
    /** The claim that says which employee a token stands for. The issuer puts it there, so it can be trusted. */
    private static final String EMPLOYEE = "https://api.exampleco.com/email";

    /** The reporter of uploads; not an employee, as those are never blank. */
    private static final String BATCH = "";

    private final TimesheetStore timesheets;
    private final EntryReader entries;

    Routes(TimesheetStore timesheets, EntryReader entries) {
        this.timesheets = timesheets;
        this.entries = entries;
    }

    /** For programs: an entry for any user. */
    @PostMapping(path = "/timesheets/upload", consumes = APPLICATION_JSON_VALUE)
    ResponseEntity<Timesheet> upload(InputStream body) throws IOException {
        return stored(BATCH, entries.read(body));
    }

    /** An entry of the employee's own. */
    @PostMapping(path = "/timesheets", consumes = APPLICATION_JSON_VALUE)
    ResponseEntity<Timesheet> create(@AuthenticationPrincipal Jwt token, InputStream body) throws IOException {
        String employee = employee(token);
        return stored(employee, entries.readFor(employee, body));
    }

    @GetMapping("/timesheets")
    List<Timesheet> own(@AuthenticationPrincipal Jwt token) {
        return timesheets.ofUser(employee(token));
    }

    @PutMapping("/approvals/{id:[0-9]{1,18}}")
    Timesheet approve(@PathVariable long id) {
        return timesheets
                .approve(id)
                .orElseThrow(() -> new Refused(NOT_FOUND, "not_found", "There is no timesheet of this id."));
    }

    @GetMapping("/approvals")
    List<Timesheet> toApprove() {
        return timesheets.notApproved();
    }

    /** Sent again, because an answer was lost, an entry is no mistake: it is answered as it is stored. */
    private ResponseEntity<Timesheet> stored(String reporter, Entry entry) {
        Optional<Timesheet> added = timesheets.add(reporter, entry);
        if (added.isPresent() || entry.entryId() == null) {
            return ResponseEntity.status(CREATED).body(added.orElseThrow());
        }
        Timesheet earlier = timesheets.getByEntryId(reporter, entry.entryId());
        if (!earlier.isOf(entry)) {
            throw new Refused(
                    CONFLICT,
                    new Problem(
                            "conflict",
                            "Another entry was stored under this entry_id; send this one under another.",
                            "entry_id"));
        }
        return ResponseEntity.ok(earlier);
    }

    private static String employee(Jwt token) {
        if (token.getClaim(EMPLOYEE) instanceof String employee && !employee.isBlank()) {
            return employee;
        }
        throw new Refused(
                FORBIDDEN, "no_employee", "The token stands for no employee: it has no claim " + EMPLOYEE + ".");
    }
}
