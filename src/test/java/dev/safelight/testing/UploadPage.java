package dev.safelight.testing;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.FilePayload;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// The example page with Uppy, as somebody uses it.
public final class UploadPage implements AutoCloseable {
    private static final Path SCREENSHOTS = Path.of("target", "screenshots");
    private static final int MOST_STOPS = 40;
    private static final double PATIENCE_MILLIS = 60_000;

    private final BrowserContext context;
    private final Page page;
    private final List<String> complaints = Collections.synchronizedList(new ArrayList<>());

    private UploadPage(BrowserContext context) {
        this.context = context;
        this.page = context.newPage();
        page.setDefaultTimeout(PATIENCE_MILLIS);
        page.onPageError(complaints::add);
        page.onConsoleMessage(message -> {
            // Broken rules of the content security policy show here, and nowhere else.
            if (message.text().contains("Content Security Policy")) {
                complaints.add(message.text());
            }
        });
    }

    /// @param session the address of an upload session
    /// @param query of the page's address
    public static UploadPage open(
            Chromium chromium, Browser.NewContextOptions options, URI server, String session, String query) {
        UploadPage page = new UploadPage(chromium.browser().newContext(options));
        page.page.navigate(server.resolve("/examples/uppy/") + "?" + query + "#session=" + session);
        page.awaitState("Connected.");
        return page;
    }

    /// Without a session, which somebody has to paste.
    public static UploadPage visit(Chromium chromium, URI server) {
        UploadPage page = new UploadPage(chromium.browser().newContext());
        page.page.navigate(server.resolve("/examples/uppy/").toString());
        return page;
    }

    /// What the page says of its connection.
    public void awaitState(String text) {
        assertThat(page.locator("#connection-state"))
                .containsText(text, new LocatorAssertions.ContainsTextOptions().setTimeout(PATIENCE_MILLIS));
    }

    /// Moves on with the tabulator until something that a selector names has the focus.
    public void tabTo(String selector) {
        for (int i = 0; i < MOST_STOPS; i++) {
            page.keyboard().press("Tab");
            if ((Boolean) page.evaluate("selector => document.activeElement.matches(selector)", selector)) {
                return;
            }
        }
        throw new AssertionError("the tabulator does not come to " + selector);
    }

    public Page page() {
        return page;
    }

    public void choose(FilePayload... files) {
        page.locator(".uppy-Dashboard-input").first().setInputFiles(files);
    }

    public void choose(Path... files) {
        page.locator(".uppy-Dashboard-input").first().setInputFiles(files);
    }

    public void upload() {
        page.locator(".uppy-StatusBar-actionBtn--upload").click();
    }

    public void pause() {
        page.locator(".uppy-StatusBar-actionCircleBtn[title=Pause]").click();
    }

    public void resume() {
        page.locator(".uppy-StatusBar-actionCircleBtn[title=Resume]").click();
    }

    public void setOffline(boolean offline) {
        context.setOffline(offline);
    }

    /// The uploads that the server told the page of, in a state.
    public Locator uploads(String status) {
        return page.locator("#list li[data-status=" + status + "]");
    }

    public void awaitUploads(String status, int count) {
        assertThat(uploads(status))
                .hasCount(count, new LocatorAssertions.HasCountOptions().setTimeout(PATIENCE_MILLIS));
    }

    /// Waits until the pictures of all uploads that are READY are to be seen.
    public void awaitThumbnails(int count) {
        page.waitForFunction(
                "count => [...document.querySelectorAll('#list img')].filter(i => i.complete && i.naturalWidth > 0)"
                        + ".length === count",
                count);
    }

    public void screenshot(String name) {
        page.screenshot(new Page.ScreenshotOptions()
                .setPath(SCREENSHOTS.resolve(name + ".png"))
                .setFullPage(true));
    }

    /// Errors of scripts, and broken rules of the content security policy.
    public List<String> complaints() {
        return List.copyOf(complaints);
    }

    @Override
    public void close() {
        context.close();
    }
}
