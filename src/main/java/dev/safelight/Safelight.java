package dev.safelight;

import java.time.InstantSource;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.Bean;

/// The server: every role in one application, switched by configuration.
@SpringBootApplication(proxyBeanMethods = false)
@ConfigurationPropertiesScan
public class Safelight {
    @Bean
    InstantSource clock() {
        return InstantSource.system();
    }
}
