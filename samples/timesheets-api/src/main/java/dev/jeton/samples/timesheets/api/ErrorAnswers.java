package dev.jeton.samples.timesheets.api;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Locale;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** Every error in the one format, and nothing of what happened inside. */
@RestController
@RestControllerAdvice
final class ErrorAnswers implements ErrorController {

    @ExceptionHandler
    ResponseEntity<Problem> refused(Refused refused) {
        return ResponseEntity.status(refused.status()).body(refused.problem());
    }

    /** Where Tomcat sends all else that went wrong, in Spring or in the code, after it has logged what is a fault. */
    @RequestMapping("/error")
    ResponseEntity<Problem> error(HttpServletRequest request) {
        Object status = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
        HttpStatus answered = status instanceof Integer code ? statusOf(code) : HttpStatus.INTERNAL_SERVER_ERROR;
        return ResponseEntity.status(answered).body(problemOf(answered));
    }

    static HttpStatus statusOf(int code) {
        HttpStatus status = HttpStatus.resolve(code);
        return status == null ? HttpStatus.INTERNAL_SERVER_ERROR : status;
    }

    static Problem problemOf(HttpStatus status) {
        return new Problem(status.name().toLowerCase(Locale.ROOT), description(status), null);
    }

    private static String description(HttpStatus status) {
        return switch (status) {
            case NOT_FOUND -> "There is nothing at this path.";
            case METHOD_NOT_ALLOWED -> "This path takes other methods; the header Allow names them.";
            case UNSUPPORTED_MEDIA_TYPE -> "Send JSON, with Content-Type: application/json.";
            default ->
                status.is5xxServerError() ? "The API failed; try again later." : "The request is not understood.";
        };
    }
}
