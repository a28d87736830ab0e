package dev.safelight.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.safelight.testing.Pictures;
import dev.safelight.testing.TestServer;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The routes of a Companion, in the shapes that Uppy reads.
class CompanionTest {
    private final TestServer server = TestServer.shared();
    private Browser browser;

    @BeforeEach
    void openSession() throws Exception {
        browser = Browser.withSession(server, "{\"space\":\"product\",\"metadata\":{\"alt\":\"of the shop\"}}");
    }

    private static JsonNode json(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return TestServer.json(answer);
    }

    private static String query(String... pairs) {
        StringBuilder query = new StringBuilder("?");
        for (int i = 0; i < pairs.length; i += 2) {
            query.append(URLEncoder.encode(pairs[i], StandardCharsets.UTF_8))
                    .append('=')
                    .append(URLEncoder.encode(pairs[i + 1], StandardCharsets.UTF_8))
                    .append('&');
        }
        return query.toString();
    }

    /// As stock Uppy asks, which knows of no folder.
    private static String parameters(String name, String type) {
        return "/s3/params"
                + query(
                        "filename", name,
                        "type", type,
                        "metadata[relativePath]", "null",
                        "metadata[name]", name,
                        "metadata[type]", type);
    }

    @Test
    void sendsASmallFileAsAForm() throws Exception {
        JsonNode answer = json(browser.get(parameters("größe.jpg", "image/jpeg")));

        assertThat(answer.propertyNames()).containsExactlyInAnyOrder("method", "url", "fields", "expires");
        assertThat(answer.path("method").asString()).isEqualTo("POST");
        assertThat(answer.path("expires").asInt()).isBetween(1, 900);
        assertThat(Browser.sendForm(answer, Pictures.jpeg(64, 64))).isEqualTo(201);
        browser.awaitStatus(answer.at("/fields/key").asString().split("/")[3], "READY");
    }

    @Test
    void findsTheTypeByTheNameWhereTheBrowserDoesNotKnowIt() throws Exception {
        JsonNode answer = json(browser.get(parameters("a.jxl", "application/octet-stream")));

        assertThat(answer.at("/fields/Content-Type").asString()).isEqualTo("image/jxl");
    }

    @Test
    void sendsALargeFileInParts() throws Exception {
        byte[] bytes = Pictures.jpeg(64, 64);
        JsonNode begun = json(browser.post("/s3/multipart", """
                {"filename":"a.jpg","type":"image/jpeg",
                 "metadata":{"name":"a.jpg","type":"image/jpeg","relativePath":null,"caption":"Kühe","rating":5}}
                """));
        assertThat(begun.propertyNames()).containsExactlyInAnyOrder("key", "uploadId", "bucket");
        String id = begun.path("uploadId").asString();
        String key = query("key", begun.path("key").asString());

        JsonNode one = json(browser.get("/s3/multipart/" + id + "/1" + key));
        assertThat(one.propertyNames()).containsExactlyInAnyOrder("url", "expires");
        JsonNode batch = json(browser.get("/s3/multipart/" + id + "/batch" + key + "partNumbers=1,2"));
        assertThat(batch.path("presignedUrls").propertyNames()).containsExactly("1", "2");
        String etag = Browser.sendPart(batch.at("/presignedUrls/1").asString(), bytes);
        JsonNode parts = json(browser.get("/s3/multipart/" + id + key));
        assertThat(parts.size()).isOne();
        assertThat(parts.at("/0/PartNumber").asInt()).isOne();
        assertThat(parts.at("/0/ETag").asString()).isEqualTo("\"" + etag + "\"");
        assertThat(parts.at("/0/Size").asInt()).isEqualTo(bytes.length);

        assertThat(browser.post(
                                "/s3/multipart/" + id + "/complete" + key,
                                "{\"parts\":[{\"PartNumber\":1,\"ETag\":\"" + "0".repeat(32) + "\"}]}")
                        .statusCode())
                .isEqualTo(409);
        JsonNode completed = json(browser.post(
                "/s3/multipart/" + id + "/complete" + key,
                "{\"parts\":[{\"PartNumber\":1,\"ETag\":\"\\\"%s\\\"\"}]}".formatted(etag)));
        assertThat(completed.propertyNames()).containsExactlyInAnyOrder("location", "key", "bucket");
        browser.awaitStatus(id, "READY");
        assertThat(metadata(id))
                .containsOnly(entry("alt", "of the shop"), entry("caption", "Kühe"), entry("rating", "5"));
    }

    private Map<String, Object> metadata(String uploadId) {
        String json = server.bean(JdbcClient.class)
                .sql("select metadata from asset where id = (select asset_id from upload where id = :id)")
                .param("id", UUID.fromString(uploadId))
                .query(String.class)
                .single();
        return JsonMapper.shared().readValue(json, new TypeReference<Map<String, Object>>() {});
    }

    @Test
    void givesAnUploadUp() throws Exception {
        JsonNode begun = json(browser.post("/s3/multipart", "{\"filename\":\"a.jpg\",\"type\":\"image/jpeg\"}"));
        String path = "/s3/multipart/" + begun.path("uploadId").asString()
                + query("key", begun.path("key").asString());

        assertThat(json(browser.delete(path)).isEmpty()).isTrue();
        assertThat(json(browser.delete(path)).isEmpty()).isTrue();
    }

    @Test
    void takesTwoFilesOfOneNameAndSizeForTwoUnlessToldThatTheyAreOne() throws Exception {
        assertThat(keyOf("size", "5")).isNotEqualTo(keyOf("size", "5"));
        assertThat(keyOf("size", "5", "metadata[fileId]", "uppy-image/png-1"))
                .isEqualTo(keyOf("metadata[fileSize]", "5", "metadata[fileId]", "uppy-image/png-1"))
                .isNotEqualTo(keyOf("size", "5", "metadata[fileId]", "uppy-image/png-2"))
                .isNotEqualTo(keyOf("size", "6", "metadata[fileId]", "uppy-image/png-1"));
        assertThat(keyOf("size", "5", "metadata[lastModified]", "1700000000000"))
                .isEqualTo(keyOf("size", "5", "metadata[lastModified]", "1700000000000"))
                .isNotEqualTo(keyOf("size", "5", "metadata[lastModified]", "1700000000001"));
    }

    private String keyOf(String... more) throws Exception {
        String path = "/s3/params" + query("filename", "image.png", "type", "image/png");
        return json(browser.get(path + query(more).substring(1)))
                .at("/fields/key")
                .asString();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/s3/params | 400 | filename",
                "/s3/params?filename= | 400 | is needed",
                "/s3/params?filename=a.jpg&type=text%2Fhtml | 415 | allowed are",
                "/s3/params?filename=a.jpg&bucket=raw | 400 | not known here",
                "/s3/params?filename=a.jpg&metadata%5Bsku%5D=1 | 403 | set by who opens the session",
                "/s3/params?filename=a.jpg&metadata%5Balt%5D=1 | 200 | url",
                "/s3/params?filename=a.jpg&metadata%5Bx%5D=1&metadata%5Bx%5D=2 | 400 | once",
                "/s3/params?filename=a.jpg&size=many | 400 | number of bytes",
                "/s3/params?filename=a.jpg&metadata%5B%5D=1 | 400 | 1 to 64",
                "/s3/multipart/none?key=a | 404 | no upload",
                "/s3/nothing | 404 | nothing at this address"
            })
    void saysWhatIsWrong(String path, int status, String detail) throws Exception {
        HttpResponse<String> answer = browser.get(path);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.body()).contains(detail);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | 400 | filename is needed",
                "{\"filename\":\"a.jpg\",\"metadata\":{\"x\":{}}} | 400 | must be text",
                "{\"filename\":\"a.jpg\",\"metadata\":{\"role\":\"hero\"}} | 403 | set by who opens the session",
                "{\"filename\":\"a.jpg\",\"size\":5} | 400 | not known here",
                "{\"filename\":\"a\"} | 415 | allowed are"
            })
    void saysWhatIsWrongWithAnUploadInParts(String json, int status, String detail) throws Exception {
        HttpResponse<String> answer = browser.post("/s3/multipart", json);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.body()).contains(detail);
    }

    @Test
    void boundsMetadataAsTheApiDoes() throws Exception {
        StringBuilder many = new StringBuilder("{\"filename\":\"a.jpg\",\"metadata\":{\"m0\":\"\"");
        for (int i = 1; i < 33; i++) {
            many.append(",\"m").append(i).append("\":\"\"");
        }

        assertThat(browser.post("/s3/multipart", many + "}}").statusCode()).isEqualTo(400);
        assertThat(browser.post(
                                "/s3/multipart",
                                "{\"filename\":\"a.jpg\",\"metadata\":{\"x\":\"" + "y".repeat(1025) + "\"}}")
                        .body())
                .contains("at most 1024 characters");
    }
}
