package dev.safelight.server;

import dev.safelight.database.DatabaseUrl;
import java.util.List;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/// Looks, before anything is started, whether the settings of database and object store name services outside
/// of this process, or nothing of them.
public final class ExternalServices {
    private static final String DATABASE = "spring.datasource.";

    private ExternalServices() {}

    /// @throws IllegalArgumentException naming the setting that is wrong or missing
    public static void require(Environment environment) {
        requireDatabase(environment);
        Binder.get(environment).bindOrCreate("safelight.s3", ExternalStoreSettings.class);
    }

    private static void requireDatabase(Environment environment) {
        String url = environment.getProperty(DATABASE + "url", "embedded");
        if (url.equals("embedded")) {
            for (String name : List.of("username", "password")) {
                if (environment.containsProperty(DATABASE + name)) {
                    throw new IllegalArgumentException(DATABASE + name + " is for a database that " + DATABASE
                            + "url names, which is not set; without it the embedded one would be used.");
                }
            }
        } else if (DatabaseUrl.parse(url).isEmpty()) {
            // Not repeated, as people write passwords into it.
            throw new IllegalArgumentException(DATABASE + "url must have the form " + DatabaseUrl.FORM
                    + "; who asks is " + DATABASE + "username with " + DATABASE + "password.");
        }
    }
}
