package dev.safelight.upload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safelight.testing.Pictures;
import dev.safelight.testing.TestServer;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/// What Uppy asks of a server when it signs its requests one by one.
class UppyTest {
    private static final int PART = 5 << 20;

    private final TestServer server = TestServer.shared();
    private final byte[] picture = Pictures.jpeg(320, 200);
    private Browser browser;

    @BeforeEach
    void openSession() throws Exception {
        browser = Browser.withSession(server, "{\"space\":\"product\"}");
    }

    private static Map<String, Object> put(String key) {
        return Map.of("method", "PUT", "key", key, "contentType", "image/jpeg");
    }

    @Test
    void sendsASmallFileAsAFormAndSeesItBecomeReady() throws Exception {
        JsonNode signed = browser.sign(put("a.jpg"));

        assertThat(signed.propertyNames()).containsExactlyInAnyOrder("url", "key", "fields");
        assertThat(signed.at("/fields/key")).isEqualTo(signed.path("key"));
        assertThat(Browser.sendForm(signed, picture)).isEqualTo(201);
        browser.awaitStatus(Browser.idIn(signed), "READY");
        assertThat(browser.upload(Browser.idIn(signed)).path("size").asInt()).isEqualTo(picture.length);
    }

    @Test
    void bindsTheSizeWhereItIsTold() throws Exception {
        JsonNode signed = browser.sign(Map.of("method", "PUT", "key", "a.jpg", "size", picture.length - 1));

        assertThat(Browser.sendForm(signed, picture)).isEqualTo(400);
    }

    @Test
    void goesOnWithTheSameUploadForTheSameFile() throws Exception {
        String same = UUID.randomUUID() + "-same.jpg";
        JsonNode first = browser.sign(put(same));

        assertThat(browser.sign(put(same)).path("key")).isEqualTo(first.path("key"));
        assertThat(browser.sign(put(UUID.randomUUID() + "-same.jpg")).path("key"))
                .isNotEqualTo(first.path("key"));
        assertThat(browser.sign(Map.of("method", "PUT", "key", same, "size", 7)).path("key"))
                .isNotEqualTo(first.path("key"));
        Browser.sendForm(first, picture);
        browser.awaitStatus(Browser.idIn(first), "READY");
        assertThat(browser.sign(put(same)).path("key")).isNotEqualTo(first.path("key"));
    }

    @Test
    void takesTwoFilesOfOneNameAndSizeForTwo() throws Exception {
        Map<String, Object> order = Map.of("method", "PUT", "key", "image.jpg", "size", picture.length);
        JsonNode first = browser.sign(order);
        JsonNode second = browser.sign(order);

        assertThat(Browser.sendForm(first, picture)).isEqualTo(201);
        assertThat(Browser.sendForm(second, picture)).isEqualTo(201);
        browser.awaitStatus(Browser.idIn(first), "READY");
        browser.awaitStatus(Browser.idIn(second), "READY");
    }

    @Test
    void sendsALargeFileInPartsOfItsOwnSize() throws Exception {
        byte[] large = Pictures.heavyJpeg(PART + 1000, 1);
        JsonNode begin = browser.sign(Map.of("method", "POST", "key", UUID.randomUUID() + "-large.jpg"));
        String key = begin.path("key").asString();
        HttpResponse<String> begun = Browser.send("POST", begin.path("url").asString(), "");
        assertThat(begun.headers().firstValue("Content-Type")).contains("application/xml");
        String id = only("UploadId", begun.body());
        assertThat(begun.body()).contains("<Key>" + key + "</Key>");
        assertThat(id).isEqualTo(Browser.idIn(begin));

        String first = Browser.sendPart(part(key, id, 1), Arrays.copyOf(large, PART));
        HttpResponse<String> listed = Browser.send("GET", signedFor("GET", key, id), "");
        assertThat(only("ETag", listed.body())).isEqualTo("&quot;" + first + "&quot;");
        assertThat(only("Size", listed.body())).isEqualTo(Integer.toString(PART));
        String second = Browser.sendPart(part(key, id, 2), Arrays.copyOfRange(large, PART, large.length));

        String complete = signedFor("POST", key, id);
        assertThat(Browser.send("POST", complete, completion(first, "0".repeat(32)))
                        .statusCode())
                .isEqualTo(409);
        assertThat(Browser.send("POST", complete, completion(first)).body())
                .contains("part 2 is there, but was not claimed");
        HttpResponse<String> completed = Browser.send("POST", complete, completion(first, second));
        assertThat(completed.statusCode()).as(completed.body()).isEqualTo(200);
        assertThat(only("Location", completed.body())).contains("/images/").doesNotContain("us_");
        assertThat(Browser.send("POST", complete, completion(first, second)).statusCode())
                .as("said again")
                .isEqualTo(200);
        browser.awaitStatus(id, "READY");
        assertThat(browser.upload(id).path("fileName").asString()).isEqualTo("large.jpg");
    }

    private String part(String key, String id, int number) throws Exception {
        return browser.sign(Map.of("method", "PUT", "key", key, "uploadId", id, "partNumber", number))
                .path("url")
                .asString();
    }

    private String signedFor(String method, String key, String id) throws Exception {
        return browser.sign(Map.of("method", method, "key", key, "uploadId", id))
                .path("url")
                .asString();
    }

    private static String only(String element, String xml) {
        Matcher matcher =
                Pattern.compile("<%1$s>(.*?)</%1$s>".formatted(element)).matcher(xml);
        assertThat(matcher.find()).as("%s in %s", element, xml).isTrue();
        return matcher.group(1);
    }

    private static String completion(String... etags) {
        StringBuilder xml = new StringBuilder("<CompleteMultipartUpload>");
        for (int i = 0; i < etags.length; i++) {
            xml.append("<Part><PartNumber>%d</PartNumber><ETag>%s</ETag></Part>".formatted(i + 1, etags[i]));
        }
        return xml + "</CompleteMultipartUpload>";
    }

    @Test
    void givesAnUploadUp() throws Exception {
        JsonNode begin = browser.sign(Map.of("method", "POST", "key", "gone.jpg"));
        String id = Browser.idIn(begin);
        String url = signedFor("DELETE", begin.path("key").asString(), id);

        assertThat(Browser.send("DELETE", url, "").statusCode()).isEqualTo(204);
        assertThat(Browser.send("DELETE", url, "").statusCode()).isEqualTo(204);
        assertThat(browser.upload(id).path("reason").asString()).isEqualTo("upload-aborted");
        assertThat(Browser.idIn(browser.sign(Map.of("method", "POST", "key", "gone.jpg"))))
                .isNotEqualTo(id);
    }

    @Test
    void knowsNoUploadOfAnotherSession() throws Exception {
        JsonNode begin = browser.sign(Map.of("method", "POST", "key", "mine.jpg"));
        String id = Browser.idIn(begin);
        String key = begin.path("key").asString();
        Browser stranger = Browser.withSession(server, "{\"space\":\"product\"}");

        for (HttpResponse<String> answer : List.of(
                stranger.get("/uploads/" + id),
                stranger.get("/store/" + id),
                stranger.post("/store/" + id, completion("a")),
                stranger.post("/store/" + id + "?uploads", ""),
                stranger.delete("/store/" + id),
                stranger.post("/sign", "{\"method\":\"GET\",\"key\":\"%s\",\"uploadId\":\"%s\"}".formatted(key, id)),
                stranger.get("/s3/multipart/" + id + "?key=" + key),
                stranger.get("/s3/multipart/" + id + "/1?key=" + key),
                stranger.get("/s3/multipart/" + id + "/batch?partNumbers=1&key=" + key),
                stranger.post("/s3/multipart/" + id + "/complete?key=" + key, "{\"parts\":[]}"),
                stranger.delete("/s3/multipart/" + id + "?key=" + key),
                browser.get("/s3/multipart/" + id + "?key=other.jpg"),
                browser.get("/uploads/none"),
                browser.get("/nothing"))) {
            assertThat(answer.statusCode())
                    .as("%s: %s", answer.uri().getPath(), answer.body())
                    .isEqualTo(404);
            assertThat(answer.body()).doesNotContain("us_");
        }
        assertThat(browser.get("/s3/multipart/" + id + "?key=mine.jpg").statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "../../etc/passwd.jpg | passwd.jpg | passwd.jpg",
                "a\\b\\c.jpg | c.jpg | c.jpg",
                "..  | file | file",
                "/ | file | file",
                "日本語.jpg | 日本語.jpg | jpg",
                "Größe <&>'.jpg | Größe <&>'.jpg | Gro-e-.jpg",
                "3f0c8a5e-4e61-4f5e-9d3c-0b7a5d1f2c3e-photo.jpg | photo.jpg | photo.jpg"
            })
    void takesKeysForNamesAndChoosesItsOwn(String key, String fileName, String end) throws Exception {
        JsonNode signed = browser.sign(put(key));

        assertThat(browser.upload(Browser.idIn(signed)).path("fileName").asString())
                .isEqualTo(fileName);
        assertThat(signed.path("key").asString()).matches("raw/\\d{4}/\\d{2}/[0-9a-f-]{36}/" + Pattern.quote(end));
    }

    @Test
    void takesLongNamesAndKeepsTheirEnd() throws Exception {
        JsonNode signed = browser.sign(put("ä".repeat(500) + ".jpg"));

        assertThat(browser.upload(Browser.idIn(signed)).path("fileName").asString())
                .hasSize(255)
                .endsWith("ä.jpg");
        assertThat(browser.post("/sign", "{\"method\":\"PUT\",\"key\":\"%s.jpg\"}".formatted("ä".repeat(511)))
                        .body())
                .contains("at most 1024 bytes");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"method\":\"PUT\"}",
                "{\"method\":\"PUT\",\"key\":\"  \"}",
                "{\"method\":\"PATCH\",\"key\":\"a.jpg\"}",
                "{\"method\":\"DELETE\",\"key\":\"a.jpg\"}",
                "{\"method\":\"PUT\",\"key\":\"a.jpg\",\"partNumber\":1}",
                "{\"method\":\"PUT\",\"key\":\"a.jpg\",\"bucket\":\"raw\"}",
                "{\"method\":\"PUT\",\"key\":\"a.jpg\",\"size\":0}",
                "{\"method\":\"PUT\",\"key\":\"a.jpg\",\"size\":-1}",
                "{\"method\":\"PUT\",\"key\":\"a.jpg\\u0000\"}",
                "{\"method\":\"PUT\",\"key\":\"\\ud800.jpg\"}",
                "{\"method\":\"PUT\",\"key\":\"a.png\",\"contentType\":\"image/jpeg\"}",
                "nonsense"
            })
    void refusesRequestsThatNoUppySends(String json) throws Exception {
        HttpResponse<String> answer = browser.post("/sign", json);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(TestServer.json(answer).path("detail").asString()).isNotBlank();
    }

    @Test
    void doesNotGoBeyondItsSession() throws Exception {
        browser = Browser.withSession(
                server, "{\"space\":\"user\",\"types\":[\"image/png\"],\"maxBytes\":1000,\"maxUploads\":2}");

        assertThat(browser.post("/sign", "{\"method\":\"PUT\",\"key\":\"a.jpg\"}")
                        .statusCode())
                .isEqualTo(415);
        assertThat(browser.post("/sign", "{\"method\":\"PUT\",\"key\":\"a.png\",\"size\":1001}")
                        .statusCode())
                .isEqualTo(413);
        JsonNode signed = browser.sign(Map.of("method", "PUT", "key", "a.png"));
        assertThat(Browser.sendForm(signed, Pictures.png(640, 480))).isEqualTo(400);
        browser.sign(Map.of("method", "PUT", "key", "b.png"));
        HttpResponse<String> third = browser.post("/sign", "{\"method\":\"PUT\",\"key\":\"c.png\"}");
        assertThat(third.statusCode()).isEqualTo(403);
        assertThat(TestServer.json(third).path("reason").asString()).isEqualTo("limit-reached");
    }

    @Test
    void countsUploadsThatWereForgotten() throws Exception {
        browser = Browser.withSession(server, "{\"space\":\"product\",\"maxUploads\":1}");
        String id = Browser.idIn(browser.sign(put("a.jpg")));
        server.bean(JdbcClient.class)
                .sql("delete from upload where id = :id")
                .param("id", UUID.fromString(id))
                .update();

        assertThat(browser.post("/sign", "{\"method\":\"PUT\",\"key\":\"b.jpg\"}")
                        .statusCode())
                .isEqualTo(403);
    }

    @Test
    void countsNoUploadThatItWasRefused() throws Exception {
        browser = Browser.withSession(server, "{\"space\":\"product\",\"maxUploads\":1}");
        assertThat(browser.post("/sign", "{\"method\":\"PUT\",\"key\":\"a.exe\"}")
                        .statusCode())
                .isEqualTo(415);

        browser.sign(put("a.jpg"));
    }
}
