package dev.jeton.samples.timesheets.api;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;

/** Where the API starts. Its settings are in {@code application.properties}. */
@SpringBootApplication(proxyBeanMethods = false)
class TimesheetsApi {

    public static void main(String[] args) {
        String issuer = System.getenv("JETON_ISSUER");
        if (issuer == null || issuer.isBlank()) {
            System.err.println("Set JETON_ISSUER to the issuer whose access tokens this API takes,"
                    + " for example http://127.0.0.1:8080/ .");
            System.exit(1);
        }
        SpringApplication.run(TimesheetsApi.class, args);
    }

    @EventListener
    void sayThatItIsReady(ApplicationReadyEvent ready) {
        Environment environment = ready.getApplicationContext().getEnvironment();
        System.out.println("Timesheets API is ready at http://" + environment.getProperty("server.address") + ":"
                + environment.getProperty("local.server.port") + "/");
    }
}
