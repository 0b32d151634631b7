package dev.jeton.verifier.spring;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Has Spring Boot show the problem and its fix in place of a stack trace. */
final class JetonPropertiesFailureAnalyzer extends AbstractFailureAnalyzer<JetonPropertiesException> {
    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, JetonPropertiesException cause) {
        return new FailureAnalysis(cause.getMessage(), cause.fix(), cause);
    }
}
