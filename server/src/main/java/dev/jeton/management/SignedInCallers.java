package dev.jeton.management;

import dev.jeton.http.ApiError;
import dev.jeton.http.Request;
import java.util.Optional;

/** Administrators who are signed in to the dashboard, known by the cookie of a request. */
public interface SignedInCallers {
    /**
     * Who it is, with the scopes of the role of now; empty if the request has no such cookie. Reads memory only.
     *
     * @throws ApiError.ApiException 401 if the session has ended, 403 if another site may have made the browser ask
     */
    Optional<Caller> find(Request request);

    /** Notes that the session of that request is in use, which may write to the database. */
    void noteUse(Request request);
}
