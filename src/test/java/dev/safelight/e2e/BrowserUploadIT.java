package dev.safelight.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Request;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.FilePayload;
import dev.safelight.testing.ApiUser;
import dev.safelight.testing.Chromium;
import dev.safelight.testing.Corpus;
import dev.safelight.testing.Pictures;
import dev.safelight.testing.SafelightProcess;
import dev.safelight.testing.ShowServerLog;
import dev.safelight.testing.UploadPage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Stock Uppy in a real browser, against the packaged server with its embedded store.
@Tag("browser")
@ExtendWith(ShowServerLog.class)
class BrowserUploadIT {
    /// What Uppy cuts a file into.
    private static final int PART = 5 << 20;

    private static final Pattern PART_NUMBER = Pattern.compile("[?&]partNumber=(\\d+)");

    @TempDir
    static Path folder = Path.of("");

    private static SafelightProcess server;
    private static ApiUser admin;
    private static Chromium chromium;

    @BeforeAll
    static void start() {
        chromium = Chromium.start();
        server = SafelightProcess.serve(folder.resolve("data"), Map.of("SAFELIGHT_EXAMPLES", "true"));
        admin = server.admin();
    }

    @AfterAll
    static void stop() {
        if (chromium != null) {
            chromium.close();
        }
        if (server != null) {
            admin.close();
            server.close();
        }
    }

    private static String session() {
        return admin.post("/v1/upload-sessions", "{\"space\":\"product\"}")
                .expect(201)
                .json()
                .path("url")
                .asString();
    }

    private static UploadPage open(String mode, Browser.NewContextOptions options) {
        return UploadPage.open(chromium, options, server.url(), session(), "mode=" + mode + "&multipartAbove=" + PART);
    }

    private static UploadPage open(String mode) {
        return open(mode, new Browser.NewContextOptions().setViewportSize(1100, 900));
    }

    private static FilePayload picture(String name, int seed, int bytes) {
        return new FilePayload(name, "image/jpeg", Pictures.heavyJpeg(bytes, seed));
    }

    /// Parts by number, and how often each was begun to be sent.
    private static Map<Integer, Integer> countParts(UploadPage upload) {
        Map<Integer, Integer> parts = new ConcurrentHashMap<>();
        upload.page().onRequest(request -> partOf(request, number -> parts.merge(number, 1, Integer::sum)));
        return parts;
    }

    private static void partOf(Request request, Consumer<Integer> found) {
        Matcher number = PART_NUMBER.matcher(request.url());
        if (request.method().equals("PUT") && number.find()) {
            found.accept(Integer.valueOf(number.group(1)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sign", "companion"})
    void uploadsPicturesOfAllSizesAndShowsThemWhenTheyAreReady(String mode) {
        try (UploadPage upload = open(mode)) {
            Map<Integer, Integer> parts = countParts(upload);
            upload.screenshot(mode + "-1-connected");
            upload.choose(
                    new FilePayload("Größe & <b>Maß.jpg", "image/jpeg", Pictures.jpeg(900, 600)),
                    new FilePayload("drawing.png", "image/png", Pictures.png(640, 480)),
                    picture("large.jpg", 1, 2 * PART + 12_345));
            upload.screenshot(mode + "-2-chosen");
            upload.upload();
            upload.awaitUploads("READY", 3);
            upload.awaitThumbnails(3);
            upload.screenshot(mode + "-3-ready");

            assertThat(parts).containsExactlyInAnyOrderEntriesOf(Map.of(1, 1, 2, 1, 3, 1));
            assertThat(upload.uploads("READY").allTextContents())
                    .anySatisfy(text -> assertThat(text).contains("Größe & <b>Maß.jpg"))
                    .anySatisfy(text -> assertThat(text).contains("large.jpg", "10.5 MB"));
            assertThat(upload.page().url()).doesNotContain("us_");
            assertThat(upload.complaints()).isEmpty();
        }
    }

    /// Real photos, the largest of them in parts, which is paused and resumed.
    @ParameterizedTest
    @ValueSource(strings = {"sign", "companion"})
    void uploadsPhotosAndGoesOnAfterAPause(String mode) {
        Path[] photos = Stream.of(
                        "photo-p3-gps-orient6-12mp.jpg", "photo-arctic-fox-12mp.jpg", "photo-tomatoes-13mp.jpg")
                .map(name -> Corpus.entry(name).file())
                .toArray(Path[]::new);
        String query = "mode=" + mode + "&multipartAbove=3500000";
        try (UploadPage upload = UploadPage.open(
                chromium, new Browser.NewContextOptions().setViewportSize(1100, 900), server.url(), session(), query)) {
            Map<Integer, Integer> parts = countParts(upload);
            AtomicReference<Route> held = holdFirst(upload, 1);
            upload.choose(photos);
            upload.upload();
            upload.page().waitForCondition(() -> held.get() != null);
            upload.pause();
            upload.screenshot(mode + "-photos-paused");
            upload.resume();

            upload.awaitUploads("READY", 3);
            upload.awaitThumbnails(3);
            upload.screenshot(mode + "-photos-ready");
            assertThat(parts).containsExactly(entry(1, 2));
            assertThat(upload.complaints()).isEmpty();
        }
    }

    @Test
    void goesOnAfterAPauseWithoutSendingTwiceWhatHadArrived() {
        try (UploadPage upload = open("sign")) {
            Map<Integer, Integer> parts = countParts(upload);
            AtomicReference<Route> held = holdFirst(upload, 2);
            upload.choose(picture("paused.jpg", 2, 2 * PART + 999));
            upload.upload();
            upload.page().waitForCondition(() -> held.get() != null);

            upload.pause();
            upload.screenshot("paused");
            upload.resume();

            upload.awaitUploads("READY", 1);
            assertThat(new TreeMap<>(parts)).containsExactly(entry(1, 1), entry(2, 2), entry(3, 1));
            assertThat(upload.complaints()).isEmpty();
        }
    }

    @Test
    void goesOnByItselfWhenTheNetworkComesBack() {
        try (UploadPage upload = open("companion")) {
            Map<Integer, Integer> parts = countParts(upload);
            AtomicReference<Route> held = holdFirst(upload, 2);
            upload.choose(picture("cut.jpg", 3, 2 * PART + 999));
            upload.upload();
            upload.page().waitForCondition(() -> held.get() != null);

            upload.setOffline(true);
            Objects.requireNonNull(held.get()).abort("internetdisconnected");
            upload.page().waitForSelector(".uppy-StatusBar.is-error");
            upload.screenshot("offline");
            upload.setOffline(false);

            upload.awaitUploads("READY", 1);
            assertThat(new TreeMap<>(parts)).containsExactly(entry(1, 1), entry(2, 2), entry(3, 1));
        }
    }

    /// Keeps the first request with a part from leaving the browser.
    private static AtomicReference<Route> holdFirst(UploadPage upload, int part) {
        AtomicReference<Route> held = new AtomicReference<>();
        upload.page()
                .route(url -> url.contains("partNumber=" + part + "&") || url.endsWith("partNumber=" + part), route -> {
                    boolean isFirst = route.request().method().equals("PUT") && held.compareAndSet(null, route);
                    if (!isFirst) {
                        route.resume();
                    }
                });
        return held;
    }

    @Test
    void showsWhyAFileIsRefused() {
        try (UploadPage upload = open("sign")) {
            upload.choose(
                    new FilePayload("text.jpg", "image/jpeg", "no picture at all".getBytes(StandardCharsets.UTF_8)),
                    new FilePayload("good.jpg", "image/jpeg", Pictures.jpeg(300, 200)));
            upload.upload();
            upload.awaitUploads("REJECTED", 1);
            upload.awaitUploads("READY", 1);
            upload.screenshot("refused");
            assertThat(upload.uploads("REJECTED").textContent()).contains("text.jpg", "Refused");
        }
    }

    @Test
    void worksOnAPhoneInTheDark() {
        Browser.NewContextOptions phone = new Browser.NewContextOptions()
                .setViewportSize(375, 740)
                .setDeviceScaleFactor(2)
                .setHasTouch(true)
                .setIsMobile(true)
                .setColorScheme(ColorScheme.DARK);
        try (UploadPage upload = open("sign", phone)) {
            upload.choose(new FilePayload("phone.jpg", "image/jpeg", Pictures.cameraJpeg(600, 800, 6)));
            upload.upload();
            upload.awaitUploads("READY", 1);
            upload.awaitThumbnails(1);
            upload.screenshot("phone");
            Object overflow = upload.page()
                    .evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth");
            assertThat(overflow).as("whether the page is wider than the phone").isEqualTo(false);
        }
    }

    @Test
    void needsNoMouse() {
        try (UploadPage upload = UploadPage.visit(chromium, server.url())) {
            upload.tabTo("#session");
            upload.page().keyboard().type(session());
            upload.page().keyboard().press("Enter");
            upload.awaitState("Connected.");

            upload.tabTo(".uppy-Dashboard-browse");
            // Not Enter, after which a browser without a window does not always tell of the chooser.
            upload.page()
                    .waitForFileChooser(() -> upload.page().keyboard().press("Space"))
                    .setFiles(new FilePayload("keys.jpg", "image/jpeg", Pictures.jpeg(300, 200)));
            upload.page().waitForSelector(".uppy-StatusBar-actionBtn--upload");
            upload.tabTo(".uppy-StatusBar-actionBtn--upload");
            upload.screenshot("keyboard");
            upload.page().keyboard().press("Enter");

            upload.awaitUploads("READY", 1);
            upload.awaitThumbnails(1);
            upload.tabTo("#list a");
            assertThat(upload.complaints()).isEmpty();
        }
    }

    @Test
    void hasNamesAndRolesForThoseWhoDoNotSeeIt() {
        try (UploadPage upload = open("sign")) {
            upload.choose(new FilePayload("seen.jpg", "image/jpeg", Pictures.jpeg(300, 200)));
            upload.upload();
            upload.awaitThumbnails(1);
            Page page = upload.page();

            assertThat(page.getAttribute("html", "lang")).isEqualTo("en");
            PlaywrightAssertions.assertThat(page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setLevel(1)))
                    .hasCount(1);
            named(AriaRole.TEXTBOX, "Address of the session", page);
            named(AriaRole.BUTTON, "Connect", page);
            named(AriaRole.GROUP, "How Uppy talks to Safelight", page);
            named(AriaRole.RADIO, "signRequest", page);
            named(AriaRole.RADIO, "companionEndpoint", page);
            named(AriaRole.REGION, "Files", page);
            named(AriaRole.REGION, "What became of them", page);
            named(AriaRole.LINK, "Open seen.jpg", page);
            PlaywrightAssertions.assertThat(page.locator("#connection-state, #uploads-state"))
                    .hasCount(2);
            for (String status : List.of("#connection-state", "#uploads-state")) {
                PlaywrightAssertions.assertThat(page.locator(status)).hasRole(AriaRole.STATUS);
            }
            assertThat(page.locator("main").ariaSnapshot())
                    .as("what has a role and no name")
                    .doesNotContainPattern(
                            "(?m)- (button|link|textbox|radio|checkbox|combobox|img|group)( \\[.*\\])?:?$");
            assertThat(page.locator("[id]").evaluateAll("all => all.map(one => one.id)"))
                    .asInstanceOf(InstanceOfAssertFactories.LIST)
                    .doesNotHaveDuplicates();
        }
    }

    private static void named(AriaRole role, String name, Page page) {
        PlaywrightAssertions.assertThat(page.getByRole(
                        role, new Page.GetByRoleOptions().setName(name).setExact(true)))
                .hasCount(1);
    }

    @Test
    void saysWhatIsWrongWithAnAddress() {
        String session = session();
        String elsewhere = session.replaceFirst("//[^/]+", "//elsewhere.example:8080");
        try (UploadPage upload = UploadPage.visit(chromium, server.url())) {
            Locator field = upload.page().locator("#session");
            for (var wrong : Map.of(
                            "",
                            "That is no address of a session",
                            "my session",
                            "That is no address of a session",
                            elsewhere,
                            "open http://elsewhere.example:8080/examples/uppy/ and paste the address there",
                            session.replaceFirst(".{43}$", "A".repeat(43)),
                            "is unknown or has ended")
                    .entrySet()) {
                field.fill(wrong.getKey());
                field.press("Enter");
                upload.awaitState(wrong.getValue());
                PlaywrightAssertions.assertThat(field).hasAttribute("aria-invalid", "true");
                PlaywrightAssertions.assertThat(field).hasAccessibleDescription(asJavaScript(wrong.getValue()));
            }
            upload.screenshot("wrong-address");

            field.fill(session);
            field.press("Enter");
            upload.awaitState("Connected.");
            PlaywrightAssertions.assertThat(field).not().hasAttribute("aria-invalid", "true");
            assertThat(upload.complaints()).isEmpty();
        }
    }

    /// Playwright hands patterns on to JavaScript, which does not know the quotes of Java's.
    private static Pattern asJavaScript(String text) {
        return Pattern.compile(text.replaceAll("[.*+?^${}()|\\[\\]\\\\/]", "\\\\$0"));
    }

    @Test
    void comesAgainWhenTheServerIsBusyAndDoesNotSayThatTheSessionEnded() {
        AtomicInteger refused = new AtomicInteger();
        try (UploadPage upload = UploadPage.visit(chromium, server.url())) {
            upload.page().route(url -> url.endsWith("/events"), route -> {
                if (refused.incrementAndGet() > 2) {
                    route.resume();
                    return;
                }
                route.fulfill(new Route.FulfillOptions()
                        .setStatus(503)
                        .setContentType("application/problem+json")
                        .setBody("{\"status\":503,\"detail\":\"Too many watch.\",\"retryAfter\":1}"));
            });
            upload.page().fill("#session", session());
            upload.page().press("#session", "Enter");

            upload.awaitState("Too many watch. Trying again …");
            upload.awaitState("Connected.");
            assertThat(refused.get()).isGreaterThan(2);
        }
    }
}
