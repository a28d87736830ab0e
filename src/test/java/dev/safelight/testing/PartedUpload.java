package dev.safelight.testing;

import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/// An upload in parts, as a client goes about it who tries nothing twice.
public record PartedUpload(ApiUser user, JsonNode upload, byte[] file) {

    /// Asks for the grant of a file; the answer must be a new one.
    public static PartedUpload begin(ApiUser user, UploadOrder order, byte[] file) {
        JsonNode upload = user.post(
                        "/v1/uploads", order.with("method", "multipart").json())
                .expect(201)
                .json();
        return new PartedUpload(user, upload, file);
    }

    public String id() {
        return upload.path("uploadId").asString();
    }

    public String assetId() {
        return upload.path("assetId").asString();
    }

    public String path() {
        return "/v1/uploads/" + id();
    }

    public int count() {
        return upload.path("grant").path("partCount").asInt();
    }

    /// The bytes of a part.
    public byte[] bytes(int number) {
        int size = upload.path("grant").path("partBytes").asInt();
        int from = (number - 1) * size;
        return Arrays.copyOfRange(file, from, Math.min(file.length, from + size));
    }

    public Reply sign(Integer... numbers) {
        String list = Arrays.stream(numbers).map(String::valueOf).collect(Collectors.joining(","));
        return user.post(path() + "/parts", "{\"partNumbers\":[" + list + "]}");
    }

    /// A freshly signed address of a part.
    public URI url(int number) {
        return URI.create(
                sign(number).expect(200).json().path("parts").get(0).path("url").asString());
    }

    public Reply send(int number) {
        return send(url(number), bytes(number));
    }

    public Reply send(URI url, byte[] bytes) {
        return user.send("PUT", url.toString(), BodyPublishers.ofByteArray(bytes));
    }

    public PartedUpload sendAll() {
        IntStream.rangeClosed(1, count()).forEach(number -> send(number).expect(200));
        return this;
    }

    /// The numbers of the parts that the store has now.
    public List<Integer> stored() {
        List<Integer> numbers = new ArrayList<>();
        user.get(path() + "/parts")
                .expect(200)
                .json()
                .path("parts")
                .forEach(part -> numbers.add(part.path("partNumber").asInt()));
        return numbers;
    }

    public Reply complete() {
        return user.post(path() + "/complete", "");
    }

    public Reply abort() {
        return user.send("DELETE", path(), BodyPublishers.noBody());
    }

    public JsonNode state() {
        return user.get(path()).expect(200).json();
    }

    public JsonNode awaitEnd() {
        return user.awaitEnd(Grant.of(upload));
    }
}
