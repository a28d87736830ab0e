package dev.safelight.testing;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A browser without a window, as `scripts/browser.sh` finds or installs it.
public final class Chromium implements AutoCloseable {
    private final Playwright playwright;
    private final Browser browser;

    private Chromium(Playwright playwright, Browser browser) {
        this.playwright = playwright;
        this.browser = browser;
    }

    public static Chromium start() {
        System.setProperty("playwright.cli.dir", setting("SAFELIGHT_PLAYWRIGHT"));
        Map<String, String> environment = new HashMap<>();
        environment.put("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
        Playwright playwright = Playwright.create(new Playwright.CreateOptions().setEnv(environment));
        Browser browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(Path.of(setting("SAFELIGHT_CHROMIUM")))
                        // Its own sandbox does not work for root, which is who runs tests in containers.
                        .setArgs(List.of("--no-sandbox")));
        return new Chromium(playwright, browser);
    }

    private static String setting(String variable) {
        String value = System.getenv(variable);
        if (value == null || !Files.exists(Path.of(value))) {
            throw new IllegalStateException(
                    variable + " must name what scripts/browser.sh installed: use ./run browser");
        }
        return value;
    }

    public Browser browser() {
        return browser;
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }
}
