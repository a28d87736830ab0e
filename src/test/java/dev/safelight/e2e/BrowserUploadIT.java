package dev.safelight.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Request;
import com.microsoft.playwright.Route;
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
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
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
}
